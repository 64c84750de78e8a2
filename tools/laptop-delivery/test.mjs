/** Tests a deployment with real requests, and prints whether it works, with the values that a quality gate judges. */
import { eventOnStdin } from './event-on-stdin.mjs';

const REQUESTS = 40;
const AT_ONCE = 10;
const PERCENT = 100;

const {
  data: { deploymentURILocal: url, stage, tag },
} = await eventOnStdin();

/** Milliseconds of each request. @type {number[]} */
const times = [];
let errors = 0;
let left = REQUESTS;

async function keepAsking() {
  while (left-- > 0) {
    const begin = performance.now();
    const isRight = await fetch(url).then(isExpected, () => false);
    times.push(performance.now() - begin);
    if (!isRight) errors++;
  }
}

/** @param {Response} response */
async function isExpected(response) {
  const answer = /** @type {Record<string, unknown>} */ (await response.json());
  return answer['stage'] === stage && answer['version'] === tag;
}

await Promise.all(Array.from({ length: AT_ONCE }, keepAsking));
const median = times.toSorted((one, other) => one - other)[times.length / 2] ?? 0;
console.log(
  JSON.stringify({
    result: errors === 0 ? 'pass' : 'fail',
    indicatorValues: [
      { metric: 'error_rate', value: (errors / REQUESTS) * PERCENT, success: true },
      { metric: 'response_time_p50', value: Math.round(median), success: true },
    ],
  }),
);
