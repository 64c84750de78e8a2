import { formatTable } from '../output/table';
import { type EvaluatedGate, nameOf, objectiveOf, pointsOf, shown, shownChange, totalReasons } from './evaluated-gate';

const COLUMNS = ['INDICATOR', 'VALUE', 'OBJECTIVE', 'BASE', 'CHANGE', 'POINTS', 'RESULT'];

/** An evaluation for a terminal: a row for each indicator, why some have no value, and the verdict. */
export function evaluationText(gate: EvaluatedGate): string {
  const { indicators } = gate;
  const rows = indicators.map((indicator) => [
    nameOf(indicator),
    shown(indicator.value),
    objectiveOf(indicator),
    shown(indicator.base),
    shownChange(indicator.change),
    pointsOf(indicator),
    indicator.isKeySli ? `${indicator.status} (key)` : indicator.status,
  ]);
  const missing = indicators.flatMap((indicator) =>
    indicator.message === undefined ? [] : [`${nameOf(indicator)}: ${indicator.message}`],
  );
  return [
    ...(rows.length > 0 ? [formatTable({ columns: COLUMNS, rows }), ''] : []),
    ...missing,
    ...totalReasons(gate),
  ].join('\n');
}
