/**
 * What idle event streams cost: memory of each process with and without them, then how long one event takes to all of them
 * (Linux only).
 *
 *   node tools/bench/events-streams.mjs --streams 500
 */
import { randomUUID } from 'node:crypto';
import { Agent, get } from 'node:http';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { countOf, rounded } from './events-figures.mjs';
import { startSystem } from './events-processes.mjs';
import { anonymousMemoryOf } from './process-figures.mjs';

const HELP = `usage: node tools/bench/events-streams.mjs [--streams N] [--idle SECONDS] [--port N]

  --streams  through the gateway, all open at the same time      default: 500
  --idle     how long they are left alone                        default: 20
  --port     of the gateway, the three above it are used as well default: 28080`;

const { values: options } = parseArgs({
  options: {
    streams: { type: 'string', default: '500' },
    idle: { type: 'string', default: '20' },
    port: { type: 'string', default: '28080' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const streamCount = countOf(options.streams, 'streams');
const idleMs = countOf(options.idle, 'idle') * 1000;

/** Streams that are opened before the first measurement, so that the code is loaded and compiled. */
const WARM_UP_STREAMS = 20;

const system = await startSystem({ port: countOf(options.port, 'port') });
const agent = new Agent({ keepAlive: false });

/** @param {string} marker @returns {Promise<{ response: import('node:http').IncomingMessage, sawMarker: Promise<void> }>} */
const openStream = (marker) =>
  new Promise((resolve, reject) => {
    const url = `${system.endpoint}/mongodb-datastore/event/stream`;
    const request = get(url, { agent, headers: { 'x-token': system.token } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`the stream was refused: ${response.statusCode}`));
      response.setEncoding('utf8');
      const sawMarker = new Promise((/** @type {(value: void) => void} */ saw) => {
        response.on('data', (/** @type {string} */ text) => {
          if (text.includes(marker)) saw();
        });
      });
      response.on('error', () => undefined);
      resolve({ response, sawMarker });
    });
    request.on('error', reject);
  });

/** @param {string} id */
async function sendEvent(id) {
  const response = await fetch(`${system.endpoint}/v1/event`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-token': system.token },
    body: JSON.stringify({
      id,
      source: 'bench',
      type: 'sh.keptn.event.configuration.change',
      data: { project: 'bench' },
    }),
  });
  if (!response.ok) throw new Error(`the event was refused: ${response.status} ${await response.text()}`);
}

/** @param {number} count @param {string} marker */
const openStreams = (count, marker) => Promise.all(Array.from({ length: count }, () => openStream(marker)));

const memory = () => new Map([...system.processes].map(([name, pid]) => [name, anonymousMemoryOf(pid)]));

const warmUpMarker = randomUUID();
const warmUp = await openStreams(WARM_UP_STREAMS, warmUpMarker);
await sendEvent(warmUpMarker);
await Promise.all(warmUp.map(({ sawMarker }) => sawMarker));
for (const { response } of warmUp) response.destroy();
await delay(idleMs);
const without = memory();

const marker = randomUUID();
const streams = await openStreams(streamCount, marker);
await delay(idleMs);
const withStreams = memory();

const sentAt = performance.now();
await sendEvent(marker);
await Promise.all(streams.map(({ sawMarker }) => sawMarker));
const fanOutMs = performance.now() - sentAt;
for (const { response } of streams) response.destroy();
await system.stop();

const rows = [...withStreams].map(([name, mebibytes]) => {
  const cost = mebibytes - (without.get(name) ?? 0);
  return {
    process: name === 'launcher' ? 'launcher with embedded store' : name,
    'MiB without': rounded(without.get(name) ?? 0),
    [`MiB with ${streamCount}`]: rounded(mebibytes),
    'KiB per stream': rounded((cost * 1024) / streamCount),
  };
});
console.table(rows);
const total = [...withStreams].reduce((sum, [name, mebibytes]) => sum + mebibytes - (without.get(name) ?? 0), 0);
console.log(`${streamCount} idle streams cost ${rounded(total)} MiB (RssAnon)`);
console.log(`one event reached all of them ${Math.round(fanOutMs)} ms after it was sent`);
