/**
 * The evaluation once more, written from the text of the contract alone and as plainly as possible: strings are cut by hand, nothing
 * is shared with the library. It serves as the oracle of the property tests.
 */

export interface OracleObjective {
  readonly sli: string;
  readonly pass?: readonly { readonly criteria: readonly string[] }[];
  readonly warning?: readonly { readonly criteria: readonly string[] }[];
  readonly weight?: number;
  readonly key_sli?: boolean;
}

export interface OracleSlo {
  readonly comparison?: {
    readonly compare_with?: string;
    readonly include_result_with_score?: string;
    readonly number_of_comparison_results?: number;
    readonly aggregate_function?: string;
  };
  readonly objectives: readonly OracleObjective[];
  readonly total_score?: { readonly pass?: string; readonly warning?: string };
}

export interface OracleValue {
  readonly metric: string;
  readonly value: number;
  readonly success: boolean;
}

/** @param earlier values of earlier results, newest first, each by indicator */
export function oracle(
  slo: OracleSlo,
  values: readonly OracleValue[],
  earlier: readonly Readonly<Record<string, number>>[],
) {
  const section = slo.comparison;
  let count = 3;
  if (section === undefined || section.compare_with === 'single_result') count = 1;
  else if (section.compare_with === 'several_results' && section.number_of_comparison_results) {
    count = section.number_of_comparison_results;
  }
  const used = earlier.slice(0, count);
  let max = 0;
  let sum = 0;
  let keyFailed = false;
  const statuses: string[] = [];
  for (const objective of slo.objectives) {
    const value = values.find(({ metric }) => metric === objective.sli);
    const bases = used
      .filter((result) => Object.hasOwn(result, objective.sli))
      .map((result) => result[objective.sli] ?? 0);
    const weight = objective.weight ? objective.weight : 1;
    if (!objective.pass || objective.pass.length === 0) {
      statuses.push('info');
      continue;
    }
    max += weight;
    const holds = (blocks: OracleObjective['pass'] = []) =>
      value !== undefined &&
      blocks.some((block) =>
        block.criteria.every((text) => satisfied(text, value, bases, section?.aggregate_function ?? '')),
      );
    if (holds(objective.pass)) {
      statuses.push('pass');
      sum += weight;
    } else if (holds(objective.warning)) {
      statuses.push('warning');
      sum += weight / 2;
    } else {
      statuses.push('fail');
      keyFailed ||= objective.key_sli === true;
    }
  }
  return { ...verdict(sum, max, keyFailed, slo.total_score), statuses };
}

function verdict(sum: number, max: number, keyFailed: boolean, total: OracleSlo['total_score']) {
  if (max === 0) return { result: 'pass', score: 100 };
  const score = 100 * (sum / max);
  if (!total?.pass) return { result: 'failed', score: 0 };
  const limit = (text: string) => (text.endsWith('%') ? Number(text.slice(0, text.length - 1)) : Number(text));
  if (keyFailed) return { result: 'fail', score };
  if (score >= limit(total.pass)) return { result: 'pass', score };
  if (total.warning && score >= limit(total.warning)) return { result: 'warning', score };
  return { result: 'fail', score };
}

function satisfied(text: string, value: OracleValue | undefined, bases: readonly number[], aggregate: string): boolean {
  if (value?.success !== true) return false;
  let rest = text.split(' ').join('');
  const operator = ['<=', '<', '=', '>=', '>'].find((each) => rest.indexOf(each) === 0);
  if (operator === undefined) return false;
  rest = rest.substring(operator.length);
  const percent = rest.charAt(rest.length - 1) === '%';
  if (percent) rest = rest.substring(0, rest.length - 1);
  const minus = rest.charAt(0) === '-';
  const plus = rest.charAt(0) === '+';
  if (minus || plus) rest = rest.substring(1);
  if (rest === '' || !/^[0-9.]+$/.test(rest) || Number.isNaN(Number(rest))) return false;
  const number = Number(rest);
  let limit = number;
  if (percent || minus || plus) {
    if (bases.length === 0) return true;
    const base = combined(bases, aggregate);
    if (percent) limit = (base * (minus ? 100 - number : 100 + number)) / 100;
    else limit = minus ? base - number : base + number;
  }
  if (operator === '<=') return value.value <= limit;
  if (operator === '<') return value.value < limit;
  if (operator === '=') return value.value === limit;
  return operator === '>=' ? value.value >= limit : value.value > limit;
}

function combined(bases: readonly number[], by: string): number {
  if (by === '' || by === 'avg') {
    let sum = 0;
    for (const base of bases) sum += base;
    return sum / bases.length;
  }
  const share = { p50: 0.5, p90: 0.9, p95: 0.95 }[by];
  if (share === undefined) return 0;
  const v = [...bases].sort((one, other) => one - other);
  const n = v.length;
  const pos = share * (n + 1);
  if (pos < 1) return v[0] ?? 0;
  if (pos >= n) return v[n - 1] ?? 0;
  const k = Math.trunc(pos);
  const low = v[k - 1] ?? 0;
  return low + (pos - k) * ((v[k] ?? 0) - low);
}
