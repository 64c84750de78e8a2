/** Plays rounds of all kinds in turn, and counts what came out. */
import { canMount } from './disk.mjs';
import { KINDS } from './kinds.mjs';
import { Chances } from './random.mjs';
import { Round } from './round.mjs';

/** @typedef {{ rounds: number, acknowledged: number, whole: number, said: number, 'SILENT LOSS': number, WRONG: number }} Row */

/**
 * @param {{ rounds: number, seed: number, kinds?: RegExp, minutes?: number }} options kinds: of those whose name matches only;
 *   minutes: no round begins after them
 * @returns {Promise<{ rows: Record<string, Row>, leftOut: string[], problems: string[] }>} leftOut: kinds that need to mount;
 *   problems: a line for each round in which something was lost silently or went wrong otherwise
 */
export async function playRounds({ rounds, seed, kinds = /./, minutes = Infinity }) {
  const isMountable = canMount();
  const all = KINDS.filter(({ name }) => kinds.test(name));
  const possible = all.filter(({ diskBytes }) => isMountable || diskBytes === undefined);
  const leftOut = [...new Set(all.filter((kind) => !possible.includes(kind)).map(({ name }) => name))];
  /** @type {Record<string, Row>} */
  const rows = {};
  /** @type {string[]} */
  const problems = [];
  const deadline = performance.now() + minutes * 60_000;
  for (let number = 0; number < rounds && performance.now() < deadline; number++) {
    const kind = possible[number % possible.length];
    if (kind === undefined) break;
    const { name, start, harm, diskBytes, damages = false } = kind;
    const round = new Round(start(), new Chances(seed + number), diskBytes);
    const { outcome, acknowledged, detail } = await round.play(harm, { damages });
    const row = (rows[name] ??= { rounds: 0, acknowledged: 0, whole: 0, said: 0, 'SILENT LOSS': 0, WRONG: 0 });
    row.rounds++;
    row.acknowledged += acknowledged;
    row[outcome]++;
    if (outcome === 'SILENT LOSS' || outcome === 'WRONG')
      problems.push(`round ${number}, ${name}: ${outcome}: ${detail}`);
  }
  return { rows, leftOut, problems };
}
