import type { EvaluationReport } from '@keptn/api-models';

const COLUMNS = ['evaluation', 'time', 'result', 'score', 'invalid', 'indicator', 'status', 'value', 'base', 'points'];

/** The indicators of evaluations as RFC 4180 has it, a line for each in each. */
export function csvOf(evaluations: readonly EvaluationReport[]): string {
  const lines = evaluations.flatMap(({ id, time, result, score, invalidated, indicators }) =>
    indicators.map((row) => [
      ...[id, time, result, score, invalidated?.reason ?? ''],
      ...[row.sli, row.status, row.value ?? '', row.base ?? '', row.score],
    ]),
  );
  return [COLUMNS, ...lines].map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

/** A text that a spreadsheet would take for a formula gets an apostrophe before it. */
function cellOf(value: number | string): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${text.replaceAll('"', '""')}"`;
}
