import { Failure } from '../failures/failure';
import { type Output } from '../output/output';
import { type EvaluatedGate } from './evaluated-gate';
import { evaluationText } from './evaluation-text';
import { junitOf } from './junit';
import { markdownOf } from './markdown';

/**
 * Shows an evaluation in the format that was asked for.
 *
 * @param names what it is called, for scripts
 * @throws Failure unless it passed, so that the exit code says so
 */
export async function showEvaluation(
  gate: EvaluatedGate,
  { output, names }: { readonly output: Output; readonly names: readonly string[] },
): Promise<void> {
  await output.show({
    value: gate,
    human: evaluationText(gate),
    names,
    reports: { junit: () => junitOf(gate), markdown: () => markdownOf(gate) },
  });
  if (gate.result === 'warning') throw new Failure('warning', 'the evaluation ended with a warning');
  if (gate.result !== 'pass') throw new Failure('notPassed', `the evaluation did not pass: ${gate.result}`);
}
