/** What measurements share that send events at a rate and follow what comes of them. */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { countOf } from './events-figures.mjs';
import { profiles } from './events-profile.mjs';

const SHARED_HELP = `  --events      stored before, one run for each                        default: 1000,100000
  --rate        a second                                               default: 20
  --seconds     of each run                                            default: 20
  --warm-up     seconds before, not measured                           default: 20
  --port        of the gateway, those above it are used as well        default: 28080
  --separate    each service in a process of its own, to see what each costs
  --profile     write CPU profiles there and print what they say; the figures are lower then`;

/**
 * Reads the command line; prints the help and ends when it asks for that.
 *
 * @param {object} own
 * @param {string} own.usage in one line
 * @param {string} [own.help] a line for each further option
 * @param {Record<string, { type: 'string', default: string }>} [own.more]
 */
export function chainOptions({ usage, help = '', more = {} }) {
  /** @type {{ values: Record<string, unknown> }} */
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '1000,100000' },
      rate: { type: 'string', default: '20' },
      seconds: { type: 'string', default: '20' },
      'warm-up': { type: 'string', default: '20' },
      port: { type: 'string', default: '28080' },
      separate: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
      ...more,
    },
  });
  if (values.help === true) {
    console.log(`usage: ${usage}\n\n${SHARED_HELP}${help === '' ? '' : `\n${help}`}`);
    process.exit(0);
  }
  const text = (/** @type {string} */ name) => String(values[name]);
  const { separate, profile } = values;
  const profiling = profiles(typeof profile === 'string' ? profile : undefined);
  return {
    sizes: text('events')
      .split(',')
      .map((size) => countOf(size, 'events')),
    rate: countOf(text('rate'), 'rate'),
    seconds: countOf(text('seconds'), 'seconds'),
    warmUp: countOf(text('warm-up'), 'warm-up'),
    port: countOf(text('port'), 'port'),
    /** @param {string} name of a further option */
    count: (name) => countOf(text(name), name),
    profiling,
    /** Of the system that is measured. @type {Record<string, string>} */
    environment: { ...(separate === true && { KEPTN_PROCESSES: 'separate' }), ...profiling.environment },
  };
}

/**
 * Sends at a steady rate, however long each takes.
 *
 * @template Result
 * @param {number} rate a second
 * @param {number} count
 * @param {(index: number) => Promise<Result>} send
 * @returns {Promise<Result[]>} what each came to, in their order
 */
export async function atRate(rate, count, send) {
  const begin = performance.now();
  /** @type {Promise<Result>[]} */
  const sent = [];
  for (let index = 0; index < count; index++) {
    sent.push(send(index));
    await delay(Math.max(0, begin + ((index + 1) * 1_000) / rate - performance.now()));
  }
  return Promise.all(sent);
}
