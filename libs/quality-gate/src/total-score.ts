import { goFloat, type Slo } from '@keptn/event-models';
import { type ObjectiveResult } from './objective';

/** The verdict on an evaluation that took place, or why none is possible. */
export type Verdict =
  | {
      readonly result: 'pass' | 'warning' | 'fail';
      readonly score: number;
      readonly pass?: number;
      readonly warning?: number;
    }
  | { readonly result: 'failed'; readonly message: string };

/**
 * Sums up objectives: a percentage of what they could reach at most, compared with the limits of the file. A key SLI that fails
 * makes the whole fail, whatever the score.
 */
export function verdictOn(objectives: readonly ObjectiveResult[], { totalScore }: Pick<Slo, 'totalScore'>): Verdict {
  const scored = objectives.filter(({ objective }) => objective.pass.length > 0);
  const highest = scored.reduce((sum, { objective }) => sum + objective.weight, 0);
  if (highest === 0) return { result: 'pass', score: 100 };
  const reached = objectives.reduce((sum, { result }) => sum + result.score, 0);
  const score = 100 * (reached / highest);
  return compared(score, scored.some(failsAsKeySli), totalScore);
}

/** Whether an objective makes the whole evaluation fail. */
export const failsAsKeySli = ({ objective, result }: ObjectiveResult): boolean =>
  objective.isKeySli && result.status === 'fail';

function compared(score: number, keySliFailed: boolean, totalScore: Slo['totalScore']): Verdict {
  if (totalScore.pass === '') return { result: 'failed', message: 'no target score defined' };
  const pass = percentageOf(totalScore.pass);
  if (pass === undefined) return { result: 'failed', message: 'could not parse pass target percentage' };
  if (keySliFailed) return { result: 'fail', score, pass };
  if (score >= pass) return { result: 'pass', score, pass };
  if (totalScore.warning === '') return { result: 'fail', score, pass };
  const warning = percentageOf(totalScore.warning);
  if (warning === undefined) return { result: 'failed', message: 'could not parse warning target percentage' };
  return { result: score >= warning ? 'warning' : 'fail', score, pass, warning };
}

/** `90%` or `90`; a blank between them makes it no number. */
const percentageOf = (text: string): number | undefined => goFloat(text.replace(/%$/, ''));
