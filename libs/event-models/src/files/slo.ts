import { describeFinding, type Finding } from './finding';
import { FieldReader } from './field-reader';
import { parseYaml } from './yaml-file';

export interface Objective {
  /** Name of the indicator. */
  readonly sli: string;
  readonly displayName?: string;
  /** One of the blocks must hold, with all of its criteria; without blocks the objective only informs. */
  readonly pass: readonly CriteriaBlock[];
  readonly warning: readonly CriteriaBlock[];
  readonly weight: number;
  /** Whether the whole evaluation fails with this objective. */
  readonly isKeySli: boolean;
}

export interface CriteriaBlock {
  /** As written; `parseCriterion` reads them. */
  readonly criteria: readonly string[];
}

export interface Comparison {
  /** How many earlier results make the base; from 1 to 100 in a file that can be evaluated. */
  readonly results: number;
  /** Which of them count. */
  readonly include: 'all' | 'pass' | 'pass_or_warn';
  /** How their values become one; `unknown` makes 0 of them, as it always did. */
  readonly aggregate: 'avg' | 'p50' | 'p90' | 'p95' | 'unknown';
}

/** An SLO file, read with all defaults. */
export interface Slo {
  /** Handed on to the SLI provider. */
  readonly filters: readonly { readonly key: string; readonly value: string }[];
  readonly comparison: Comparison;
  readonly objectives: readonly Objective[];
  /** Percentages as written; empty where missing. */
  readonly totalScore: { readonly pass: string; readonly warning: string };
}

/** An SLO file that nothing can be evaluated by. The message names line, column and field of the first fault. */
export class InvalidSlo extends Error {
  override readonly name = 'InvalidSlo';

  constructor(readonly findings: readonly Finding[]) {
    super(findings[0] === undefined ? 'the file is not valid' : describeFinding(findings[0]));
  }
}

/** `comparison` is missing. */
const NO_COMPARISON: Comparison = { results: 1, include: 'all', aggregate: 'avg' };

/** What `several_results`, and everything that is not `single_result`, means without a number. */
const SEVERAL_RESULTS = 3;

const AGGREGATES = ['avg', 'p50', 'p90', 'p95'] as const;

/**
 * Reads an SLO file as Keptn 0.7.3 does: YAML 1.1, the first document only, keys in any case, unknown ones ignored, numbers and
 * booleans taken for text where text is expected, values that are not known taken for the default. `validateResource` is the one
 * that remarks on those.
 *
 * @throws InvalidSlo
 */
export function parseSlo(text: string): Slo {
  const yaml = parseYaml(text, { version: '1.1', uniqueKeys: false, documents: 'first' });
  if ('findings' in yaml) throw new InvalidSlo(yaml.findings);
  const file = new FieldReader(yaml.content);
  const slo = sloOf(file);
  if (file.faults.length > 0) {
    throw new InvalidSlo(file.faults.map(({ path, message }) => yaml.finding('error', { path, message })));
  }
  return slo;
}

function sloOf(file: FieldReader): Slo {
  const total = file.field('total_score');
  return {
    filters: file.field('filter').texts(),
    comparison: comparisonOf(file.field('comparison')),
    objectives: file.field('objectives').items().map(objectiveOf),
    totalScore: { pass: total.field('pass').text(), warning: total.field('warning').text() },
  };
}

function comparisonOf(comparison: FieldReader): Comparison {
  const compareWith = comparison.field('compare_with').text();
  const include = comparison.field('include_result_with_score').text().toLowerCase();
  const aggregate = comparison.field('aggregate_function').text();
  const number = comparison.field('number_of_comparison_results').integer();
  if (comparison.isMissing) return NO_COMPARISON;
  return {
    results: resultsOf(compareWith, number),
    include: include === 'pass' || include === 'pass_or_warn' ? include : 'all',
    aggregate: aggregate === '' ? 'avg' : (AGGREGATES.find((known) => known === aggregate) ?? 'unknown'),
  };
}

function resultsOf(compareWith: string, number: number): number {
  if (compareWith === 'single_result') return 1;
  return compareWith === 'several_results' && number !== 0 ? number : SEVERAL_RESULTS;
}

function objectiveOf(objective: FieldReader): Objective {
  const displayName = objective.field('displayName').additionalText();
  const weight = objective.field('weight').integer();
  if (objective.isMissing) objective.fault('must be a mapping with sli, not null');
  return {
    sli: objective.field('sli').text(),
    ...(displayName !== '' && { displayName }),
    pass: objective.field('pass').items().map(blockOf),
    warning: objective.field('warning').items().map(blockOf),
    weight: weight === 0 ? 1 : weight,
    isKeySli: objective.field('key_sli').flag(),
  };
}

function blockOf(block: FieldReader): CriteriaBlock {
  if (block.isMissing) block.fault('must be a mapping with criteria, not null');
  return {
    criteria: block
      .field('criteria')
      .items()
      .map((criterion) => criterion.text()),
  };
}
