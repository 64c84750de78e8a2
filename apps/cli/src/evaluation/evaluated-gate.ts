import type { EvaluationReport, IndicatorRow } from '@keptn/api-models';
import { shownNumber } from '@keptn/quality-gate/shown-number';

/** What an evaluation came to, on a server or by files alone. */
export type EvaluatedGate = Pick<
  EvaluationReport,
  'project' | 'stage' | 'service' | 'start' | 'end' | 'result' | 'message' | 'score' | 'reasons' | 'indicators'
>;

/** @param beside what it is compared with */
export const shown = (value: number | null, beside: readonly number[] = []): string =>
  value === null ? '-' : shownNumber(value, beside);

/** Never the same as a limit that it does not reach, or goes beyond. */
export const valueOf = ({ value, targets }: Pick<IndicatorRow, 'targets' | 'value'>): string =>
  shown(
    value,
    targets.map(({ targetValue }) => targetValue),
  );

/** A change in percent. */
export const shownChange = (change: number | null): string =>
  change === null ? '-' : `${change > 0 ? '+' : ''}${Number(change.toFixed(1))}%`;

export const nameOf = ({ sli, displayName }: IndicatorRow): string => displayName ?? sli;

/** What is asked of an indicator, e.g. `<=+10% and <600`. */
export const objectiveOf = ({ pass }: IndicatorRow): string =>
  pass.length === 0 ? 'only informs' : pass.map((criteria) => criteria.join(' and ')).join(' or ');

export const pointsOf = ({ pass, score, weight }: IndicatorRow): string =>
  pass.length === 0 ? '-' : `${shown(score)}/${shown(weight)}`;

/** What a table shows of an indicator: its name, value, objective, base, change, points and result. */
export const cellsOf = (indicator: IndicatorRow): readonly string[] => [
  nameOf(indicator),
  valueOf(indicator),
  objectiveOf(indicator),
  shown(indicator.base),
  shownChange(indicator.change),
  pointsOf(indicator),
  indicator.isKeySli ? `${indicator.status} (key)` : indicator.status,
];

/** Why indicators have no value, a line each. */
export const missingOf = ({ indicators }: EvaluatedGate): readonly string[] =>
  indicators.flatMap((indicator) =>
    indicator.message === undefined ? [] : [`${nameOf(indicator)}: ${indicator.message}`],
  );

export const locationOf = ({ project, stage, service }: EvaluatedGate): string => `${project}/${stage}/${service}`;

/** Why an indicator came out as it did. The reasons begin with one for each indicator. */
export const reasonOf = ({ reasons, indicators }: EvaluatedGate, index: number): string | undefined =>
  reasons.length > indicators.length ? reasons[index] : undefined;

/** Why the whole came out as it did. */
export function totalReasons({ reasons, indicators, result, score }: EvaluatedGate): readonly string[] {
  const total = reasons.length > indicators.length ? reasons.slice(indicators.length) : reasons;
  return total.length > 0 ? total : [`${result}: score ${shown(score)}`];
}
