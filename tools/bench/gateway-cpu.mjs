/**
 * CPU time per request of this gateway against nginx as the original configured it, in one run with the same upstream, and where
 * the gateway's goes. Proxy and upstream, which also answers the token check, count together on both sides.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { countOf } from './events-figures.mjs';
import { printProfiles } from './events-profile.mjs';
import { hasNginx, startGateway, startNginx, startUpstream, TOKEN } from './gateway-under-test.mjs';
import { load, median } from './load.mjs';
import { cpuSecondsOf } from './process-figures.mjs';

const HELP = `usage: node tools/bench/gateway-cpu.mjs [--requests N] [--rounds N]

  --requests  in one round                           default: 40000
  --rounds    of which the median is printed         default: 3`;

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '40000' },
    rounds: { type: 'string', default: '3' },
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

const CALL = /** @type {const} */ ({
  method: 'GET',
  path: '/api/configuration-service/v1/project?pageSize=20',
  headers: { 'x-token': TOKEN, 'user-agent': 'bench', accept: 'application/json' },
});

if (!hasNginx()) {
  console.error('nginx is missing; on Debian: apt-get install --no-install-recommends nginx-light');
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'gateway-cpu-'));
const log = join(folder, 'gateway.log');

/** @type {Record<string, (port: number, upstream: string) => Promise<import('./gateway-under-test.mjs').Server>>} */
const CONTESTANTS = {
  'this gateway': (port, upstream) => startGateway({ port, upstream, log }),
  'this gateway, asking for every request': (port, upstream) =>
    startGateway({ port, upstream, log: join(folder, 'asking.log'), settings: { AUTH_CACHE_MS: '0' } }),
  'nginx as the original had it': (port, upstream) =>
    startNginx({ port, upstream, folder: join(folder, 'original'), keepAlive: false }),
  'nginx with connections kept': (port, upstream) =>
    startNginx({ port, upstream, folder: join(folder, 'kept'), keepAlive: true }),
};

/** @param {number} pid @param {number} requests @param {number} before */
const microseconds = (pid, requests, before) => ((cpuSecondsOf(pid) - before) * 1_000_000) / requests;

const contestants = [];
for (const [index, [name, start]] of Object.entries(CONTESTANTS).entries()) {
  const upstream = await startUpstream();
  const proxy = await start(FIRST_PORT + index, upstream.url);
  await load(proxy.url, { clients: CLIENTS, requests: WARM_UP_REQUESTS }, () => CALL);
  contestants.push({
    name,
    upstream,
    proxy,
    rounds: /** @type {{ proxy: number, upstream: number, perSecond: number }[]} */ ([]),
  });
}

for (let round = 0; round < ROUNDS; round += 1) {
  for (const { proxy, upstream, rounds } of contestants) {
    const [proxyBefore, upstreamBefore] = [cpuSecondsOf(proxy.pid), cpuSecondsOf(upstream.pid)];
    const { requests, perSecond } = await load(proxy.url, { clients: CLIENTS, requests: REQUESTS }, () => CALL);
    rounds.push({
      proxy: microseconds(proxy.pid, requests, proxyBefore),
      upstream: microseconds(upstream.pid, requests, upstreamBefore),
      perSecond,
    });
  }
}

const figures = contestants.map(({ name, rounds }) => ({
  name,
  proxy: median(rounds.map(({ proxy }) => proxy)),
  upstream: median(rounds.map(({ upstream }) => upstream)),
  perSecond: median(rounds.map(({ perSecond }) => perSecond)),
}));
const ours = figures.find(({ name }) => name === 'this gateway');
const oursTotal = ours === undefined ? NaN : ours.proxy + ours.upstream;
console.log(`CPU microseconds a request, ${CLIENTS} connections, median of ${ROUNDS} rounds of ${REQUESTS} requests`);
console.table(
  figures.map(({ name, proxy, upstream, perSecond }) => ({
    name,
    proxy: Math.round(proxy),
    upstream: Math.round(upstream),
    together: Math.round(proxy + upstream),
    'this gateway / it': Math.round((100 * oursTotal) / (proxy + upstream)) / 100,
    'requests/s': Math.round(perSecond),
  })),
);
for (const { proxy, upstream } of contestants) {
  await proxy.stop();
  await upstream.stop();
}

const profiles = join(folder, 'profiles');
const upstream = await startUpstream();
const flags = ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
const profiled = await startGateway({ port: FIRST_PORT + 10, upstream: upstream.url, log, flags });
await load(profiled.url, { clients: CLIENTS, requests: REQUESTS }, () => CALL);
await profiled.stop();
await upstream.stop();
printProfiles(profiles, 20);
rmSync(folder, { recursive: true });
