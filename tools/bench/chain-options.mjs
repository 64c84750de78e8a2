/** The options of measurements that send events at a rate and follow what comes of them. */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { countOf } from './events-figures.mjs';

const SHARED_HELP = `  --events      stored before, one run for each                        default: 1000,100000
  --rate        a second                                               default: 20
  --seconds     of each run                                            default: 20
  --port        of the gateway, those above it are used as well        default: 28080`;

/**
 * Reads the command line; prints the help and ends when it asks for that.
 *
 * @param {object} own
 * @param {string} own.usage in one line
 * @param {string} own.help a line for each further option
 * @param {Record<string, { type: 'string', default: string } | { type: 'boolean', default: boolean }>} own.more
 */
export function chainOptions({ usage, help, more }) {
  /** @type {{ values: Record<string, unknown> }} */
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '1000,100000' },
      rate: { type: 'string', default: '20' },
      seconds: { type: 'string', default: '20' },
      port: { type: 'string', default: '28080' },
      help: { type: 'boolean', default: false },
      ...more,
    },
  });
  if (values.help === true) {
    console.log(`usage: ${usage}\n\n${SHARED_HELP}\n${help}`);
    process.exit(0);
  }
  const text = (/** @type {string} */ name) => String(values[name]);
  return {
    sizes: text('events')
      .split(',')
      .map((size) => countOf(size, 'events')),
    rate: countOf(text('rate'), 'rate'),
    seconds: countOf(text('seconds'), 'seconds'),
    port: countOf(text('port'), 'port'),
    /** @param {string} name of a further option */
    count: (name) => countOf(text(name), name),
    /** @param {string} name of a further option */
    isSet: (name) => values[name] === true,
  };
}
