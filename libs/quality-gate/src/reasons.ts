import { type Comparison, type Criterion } from '@keptn/event-models';
import { type ObjectiveResult } from './objective';
import { shownNumber as shown } from './shown-number';
import { type ExplainedTarget } from './target';
import { failsAsKeySli, type Verdict } from './total-score';

/** Reasons are put together as lines; a message of a provider, or a name, may have several. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** Why an evaluation came out as it did, in sentences of a line: first those on the objectives in their order, then the one on the whole. */
export function reasonsOf(
  results: readonly ObjectiveResult[],
  verdict: Verdict,
  comparison: Comparison,
  compared: number,
): readonly string[] {
  const baseName = nameOfBase(comparison, compared);
  return [...results.map((result) => reasonOf(result, baseName)), totalReason(results, verdict)].map(oneLine);
}

function reasonOf(result: ObjectiveResult, baseName: string): string {
  const { objective, result: indicator, targets, base } = result;
  const { value, status } = indicator;
  const name = objective.displayName ?? objective.sli;
  const allowed = targets.map(({ targetValue }) => targetValue);
  const measured = value.success
    ? `${name} is ${shown(value.value, allowed)}`
    : `${name} has no value${because(value.message)}`;
  if (status === 'info') return `${measured} (only informs)`;
  const limits = value.success ? targets.map((target) => limitText(target, value.value, base, baseName)) : [];
  const rest = limits.length === 0 ? '' : `, allowed ${limits.join(', ')}`;
  const keySli = failsAsKeySli(result) ? '; it is a key SLI, so the evaluation fails' : '';
  return `${status}: ${measured}${rest}${keySli}`;
}

const because = (message: string | undefined): string => (message === undefined ? '' : `: ${message}`);

function limitText(
  { criteria, targetValue, violated, criterion }: ExplainedTarget,
  value: number,
  base: number | undefined,
  baseName: string,
): string {
  if (criterion === undefined) return `"${criteria}" (no criterion: an operator and a number are expected)`;
  const outcome = violated ? 'violated' : 'met';
  const limit = shown(targetValue, [value]);
  if (!criterion.isRelative) return `${criterion.operator} ${limit} (${outcome})`;
  if (base === undefined) return `${criteria} (met: there is no earlier result to compare with)`;
  return `${criterion.operator} ${limit} = ${shown(base)} ${baseName} ${change(criterion)} (${outcome})`;
}

const change = ({ isIncrease, isPercentage, value }: Criterion): string =>
  `${isIncrease ? '+' : '-'} ${shown(value)}${isPercentage ? ' %' : ''}`;

const KINDS = { all: '', pass: 'passed ', pass_or_warn: 'passed or warned ' } as const;

function nameOfBase({ include, aggregate }: Comparison, compared: number): string {
  if (compared === 1) return `of the last ${KINDS[include]}evaluation`;
  return `as ${aggregate} of the last ${compared} ${KINDS[include]}evaluations`;
}

function totalReason(results: readonly ObjectiveResult[], verdict: Verdict): string {
  if (verdict.result === 'failed') return `failed: ${verdict.message}`;
  const { result, score, pass, warning } = verdict;
  if (pass === undefined) return `${result}: no objective has a weight that could be missed`;
  const reached = shown(score, [pass, ...(warning === undefined ? [] : [warning])]);
  const limits = [`pass from ${shown(pass)}`, ...(warning === undefined ? [] : [`warning from ${shown(warning)}`])];
  const keySlis = results.filter(failsAsKeySli).map(({ objective }) => objective.sli);
  const keySli = keySlis.length === 0 ? '' : `; key SLI ${keySlis.join(', ')} failed`;
  return `${result}: score ${reached} of 100, ${limits.join(', ')}${keySli}`;
}
