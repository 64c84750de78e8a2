/**
 * Writes, lets things go wrong, starts again, and checks that every acknowledged write is there or that the system says what
 * is damaged. Build first (`npx nx run-many -t build`).
 *
 *   npm run faults -- --rounds 200 --seed 1
 *
 * Ends with 1 when something was lost silently or went wrong otherwise.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { playRounds } from './rounds.mjs';

const HELP = `usage: npm run faults -- [options]

  --rounds N     how many                                            default: 50
  --seed N       of the chances: sizes, moments, files and bytes     default: a random one
  --kinds TEXT   only kinds whose name matches, e.g. git or 'kill'   default: all
  --minutes N    no round begins after them                          default: no limit`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    kinds: { type: 'string', default: '' },
    minutes: { type: 'string', default: 'Infinity' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const { rows, leftOut, problems } = await playRounds({
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  kinds: new RegExp(values.kinds),
  minutes: Number(values.minutes),
});
console.table(rows);
if (leftOut.length > 0) console.log(`left out, because only root can mount: ${leftOut.join(', ')}`);
for (const problem of problems) console.error(problem);
const sumOf = (/** @type {'rounds' | 'SILENT LOSS' | 'WRONG'} */ column) =>
  Object.values(rows).reduce((sum, row) => sum + row[column], 0);
console.log(
  `seed ${values.seed}: ${sumOf('rounds')} rounds, ${sumOf('SILENT LOSS')} silent losses, ${sumOf('WRONG')} other faults`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
