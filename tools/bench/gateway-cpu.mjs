/**
 * CPU time per request of this gateway, with the shared token, a named token and the token of a person, against nginx as the original
 * configured it and against another build of this gateway, in one run with the same upstream, and where the gateway's goes. Proxy and
 * upstream, which also answers the token check, count together on both sides. All take turns, round by round, and each
 * is started for each round: two processes of one build may differ by a tenth.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { countOf } from './events-figures.mjs';
import { printProfiles } from './events-profile.mjs';
import { CALLERS, hasNginx, startGateway, startNginx, startUpstream } from './gateway-under-test.mjs';
import { load, median } from './load.mjs';
import { cpuSecondsOf } from './process-figures.mjs';

const HELP = `usage: node tools/bench/gateway-cpu.mjs [--before ROOT] [--profile CALLER] [--requests N] [--rounds N]

  --before    workspace with an older build, to compare with; in place of nginx
  --profile   whose requests are profiled: shared, named or person   default: shared
  --requests  in one round                           default: 20000
  --rounds    of which the median is printed         default: 5`;

const { values: options } = parseArgs({
  options: {
    before: { type: 'string' },
    profile: { type: 'string', default: 'shared' },
    requests: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const REQUESTS = countOf(options.requests, 'requests');
const ROUNDS = countOf(options.rounds, 'rounds');
/** Until then the code is still being compiled, which costs more than running it. */
const WARM_UP_REQUESTS = Math.min(REQUESTS, 20_000);
const CLIENTS = 64;
const FIRST_PORT = 18_480;

/** @typedef {keyof typeof CALLERS} CallerName */

/** @param {string} name @returns {name is CallerName} */
const isCaller = (name) => name in CALLERS;
if (!isCaller(options.profile)) {
  console.error(HELP);
  process.exit(1);
}
const PROFILED = options.profile;

/** @param {CallerName} caller */
const callOf = (caller) =>
  /** @type {const} */ ({
    method: 'GET',
    path: '/api/configuration-service/v1/project?pageSize=20',
    headers: { ...CALLERS[caller].headers, 'user-agent': 'bench', accept: 'application/json' },
  });

const { before } = options;
if (before === undefined && !hasNginx()) {
  console.error('nginx is missing; on Debian: apt-get install --no-install-recommends nginx-light');
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'gateway-cpu-'));
const log = join(folder, 'gateway.log');

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {CallerName} caller
 * @property {(port: number, upstream: string) => Promise<import('./gateway-under-test.mjs').Server>} start
 */

/** @type {Readonly<Record<CallerName, string>>} */
const CALLED = { shared: 'shared token', named: 'named token', person: 'JWT of a person' };
const CALLER_NAMES = Object.keys(CALLED).filter(isCaller);

/** @param {string} who @param {CallerName} caller @param {string} [root] @returns {Contestant} */
const gatewayOf = (who, caller, root) => ({
  name: `${who}, ${CALLED[caller]}`,
  caller,
  start: (port, upstream) =>
    startGateway({ port, upstream, log: join(folder, `${port}.log`), ...(root !== undefined && { root }) }),
});

/** Those that are compared follow each other. @type {Contestant[]} */
const CONTESTANTS = [
  ...CALLER_NAMES.flatMap((caller) => [
    gatewayOf('this gateway', caller),
    ...(before === undefined ? [] : [gatewayOf('before', caller, resolve(before))]),
  ]),
  {
    name: 'this gateway, asking for every request',
    caller: 'shared',
    start: (port, upstream) =>
      startGateway({ port, upstream, log: join(folder, 'asking.log'), settings: { AUTH_CACHE_MS: '0' } }),
  },
  ...(before === undefined
    ? [false, true].map((keepAlive) => ({
        name: keepAlive ? 'nginx with connections kept' : 'nginx as the original had it',
        caller: /** @type {const} */ ('shared'),
        start: (/** @type {number} */ port, /** @type {string} */ upstream) =>
          startNginx({ port, upstream, folder: join(folder, `nginx-${keepAlive}`), keepAlive }),
      }))
    : []),
];

/** @param {number} pid @param {number} requests @param {number} before */
const microseconds = (pid, requests, before) => ((cpuSecondsOf(pid) - before) * 1_000_000) / requests;

/** @typedef {{ proxy: number, upstream: number, perSecond: number }} Round */

/** @param {Contestant} contestant @param {number} port @returns {Promise<Round>} */
async function measure({ caller, start }, port) {
  const upstream = await startUpstream();
  const proxy = await start(port, upstream.url);
  await load(proxy.url, { clients: CLIENTS, requests: WARM_UP_REQUESTS }, () => callOf(caller));
  const [proxyBefore, upstreamBefore] = [cpuSecondsOf(proxy.pid), cpuSecondsOf(upstream.pid)];
  const { requests, perSecond } = await load(proxy.url, { clients: CLIENTS, requests: REQUESTS }, () => callOf(caller));
  const round = {
    proxy: microseconds(proxy.pid, requests, proxyBefore),
    upstream: microseconds(upstream.pid, requests, upstreamBefore),
    perSecond,
  };
  await proxy.stop();
  await upstream.stop();
  return round;
}

const contestants = CONTESTANTS.map((contestant) => ({ ...contestant, rounds: /** @type {Round[]} */ ([]) }));
for (let round = 0; round < ROUNDS; round += 1) {
  // Each is the first of its pair as often as the other.
  const inTurn = round % 2 === 0 ? contestants : [...contestants].reverse();
  for (const [index, contestant] of inTurn.entries()) {
    contestant.rounds.push(await measure(contestant, FIRST_PORT + index));
  }
}

/** @param {Pick<Round, 'proxy' | 'upstream'>} round */
const totalOf = ({ proxy, upstream }) => proxy + upstream;

/** @param {string} wanted */
const roundsOf = (wanted) => contestants.find(({ name }) => name === wanted)?.rounds ?? [];

/** @param {number} ratio */
const percentOf = (ratio) => `${ratio < 1 ? '' : '+'}${((ratio - 1) * 100).toFixed(1)}`;

const figures = contestants.map(({ name, rounds }) => ({
  name,
  proxy: median(rounds.map(({ proxy }) => proxy)),
  upstream: median(rounds.map(({ upstream }) => upstream)),
  perSecond: median(rounds.map(({ perSecond }) => perSecond)),
}));
const ours = figures.find(({ name }) => name === `this gateway, ${CALLED.shared}`);
const oursTotal = ours === undefined ? NaN : totalOf(ours);
console.log(`CPU microseconds a request, ${CLIENTS} connections, median of ${ROUNDS} rounds of ${REQUESTS} requests`);
console.table(
  figures.map(({ name, proxy, upstream, perSecond }) => ({
    name,
    proxy: Math.round(proxy),
    upstream: Math.round(upstream),
    together: Math.round(proxy + upstream),
    'shared token here / it': Math.round((100 * oursTotal) / (proxy + upstream)) / 100,
    'requests/s': Math.round(perSecond),
  })),
);
for (const caller of before === undefined ? [] : CALLER_NAMES) {
  const now = roundsOf(`this gateway, ${CALLED[caller]}`);
  const then = roundsOf(`before, ${CALLED[caller]}`);
  const ratios = now.map((each, round) => totalOf(each) / totalOf(then[round] ?? each));
  const [middle, least, most] = [median(ratios), Math.min(...ratios), Math.max(...ratios)].map(percentOf);
  console.log(
    `${CALLED[caller]}: ${middle} % CPU time against before, median of the rounds, which say ${least} to ${most}`,
  );
}

const profiles = join(folder, 'profiles');
const upstream = await startUpstream();
const flags = ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
const profiled = await startGateway({ port: FIRST_PORT + 10, upstream: upstream.url, log, flags });
await load(profiled.url, { clients: CLIENTS, requests: REQUESTS }, () => callOf(PROFILED));
await profiled.stop();
await upstream.stop();
printProfiles(profiles, 20);
rmSync(folder, { recursive: true });
