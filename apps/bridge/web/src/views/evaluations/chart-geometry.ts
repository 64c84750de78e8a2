import { type IndicatorSeries, type Limit, limitsOf } from './indicator-series';

/** Of the drawing, in its own units. */
export const WIDTH = 360;
export const HEIGHT = 170;
const LEFT = 48;
const RIGHT = 8;
const TOP = 10;
const BOTTOM = 14;

/** Above and below everything that is drawn, as a share of its height. */
const PADDING = 0.08;

export interface Point {
  readonly index: number;
  readonly x: number;
  readonly y: number;
  readonly status: string;
}

/** A limit as it was in one evaluation. */
export interface LimitLine {
  readonly kind: Limit['kind'];
  readonly fromX: number;
  readonly toX: number;
  readonly y: number;
}

export interface ChartGeometry {
  /** Values that follow one another, without gaps. */
  readonly lines: readonly (readonly Point[])[];
  readonly limits: readonly LimitLine[];
  /** Middle and width of the column of each evaluation. */
  readonly columns: readonly { readonly x: number; readonly width: number }[];
  readonly lowest: number;
  readonly highest: number;
}

/** @returns undefined when there is no value to draw */
export function chartGeometry({ rows }: IndicatorSeries): ChartGeometry | undefined {
  const limits = rows.map((row) => (row === undefined ? [] : limitsOf(row)));
  const values = rows.flatMap((row) => (row?.value === undefined || row.value === null ? [] : [row.value]));
  if (values.length === 0) return undefined;
  const drawn = [...values, ...limits.flat().map(({ value }) => value)];
  const [lowest, highest] = [Math.min(...drawn), Math.max(...drawn)];
  const yOf = scaleFrom(lowest, highest);
  const width = (WIDTH - LEFT - RIGHT) / rows.length;
  const columns = rows.map((_row, index) => ({ x: LEFT + width * (index + 0.5), width }));
  const points = rows.map((row, index): Point | undefined => {
    if (row?.value === undefined || row.value === null) return undefined;
    return { index, x: columns[index]?.x ?? 0, y: yOf(row.value), status: row.status };
  });
  return {
    lines: withoutGaps(points),
    limits: limits.flatMap((ofOne, index) =>
      ofOne.map(({ kind, value }) => ({
        kind,
        fromX: LEFT + width * index,
        toX: LEFT + width * (index + 1),
        y: yOf(value),
      })),
    ),
    columns,
    lowest,
    highest,
  };
}

function scaleFrom(lowest: number, highest: number): (value: number) => number {
  const span = highest - lowest || Math.max(Math.abs(highest), 1);
  const bottom = lowest - span * PADDING;
  const perUnit = (HEIGHT - TOP - BOTTOM) / (span * (1 + 2 * PADDING));
  return (value) => HEIGHT - BOTTOM - (value - bottom) * perUnit;
}

function withoutGaps(points: readonly (Point | undefined)[]): readonly (readonly Point[])[] {
  const lines: Point[][] = [];
  let line: Point[] | undefined;
  for (const point of points) {
    if (point === undefined) {
      line = undefined;
      continue;
    }
    if (line === undefined) lines.push((line = []));
    line.push(point);
  }
  return lines;
}
