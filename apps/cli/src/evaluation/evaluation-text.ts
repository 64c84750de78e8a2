import { formatTable } from '../output/table';
import { cellsOf, type EvaluatedGate, missingOf, totalReasons } from './evaluated-gate';

const COLUMNS = ['INDICATOR', 'VALUE', 'OBJECTIVE', 'BASE', 'CHANGE', 'POINTS', 'RESULT'];

/** An evaluation for a terminal: a row for each indicator, why some have no value, and the verdict. */
export function evaluationText(gate: EvaluatedGate): string {
  const rows = gate.indicators.map(cellsOf);
  return [
    ...(rows.length > 0 ? [formatTable({ columns: COLUMNS, rows }), ''] : []),
    ...missingOf(gate),
    ...totalReasons(gate),
  ].join('\n');
}
