import type { IndicatorRow } from '@keptn/api-models';
import { describe, expect, it } from 'vitest';
import { chartGeometry, HEIGHT, WIDTH } from './chart-geometry';

const row = (value: number | null, targets: IndicatorRow['targets'] = []): IndicatorRow => ({
  ...{ sli: 'time', value, status: 'pass', base: null, change: null, score: 1, weight: 1, isKeySli: false },
  ...{ pass: [['<=600']], warning: [], targets },
});

const drawn = (...rows: (IndicatorRow | undefined)[]) => chartGeometry({ sli: 'time', name: 'time', rows });

describe('the chart of an indicator', () => {
  it('draws greater values higher, within the drawing', () => {
    const [low, high] = drawn(row(100), row(900))?.lines[0] ?? [];
    expect(low?.y).toBeGreaterThan(high?.y ?? Infinity);
    for (const { x, y } of [low, high].flatMap((point) => point ?? [])) {
      expect([x > 0 && x < WIDTH, y > 0 && y < HEIGHT]).toEqual([true, true]);
    }
  });

  it('interrupts the line where there is no value', () => {
    const lines = drawn(row(1), row(2), row(null), undefined, row(3))?.lines;
    expect(lines?.map((line) => line.map(({ index }) => index))).toEqual([[0, 1], [4]]);
  });

  it('draws what was allowed in each evaluation', () => {
    const target = (targetValue: number) => [{ criteria: '<=600', targetValue, violated: false }];
    const limits = drawn(row(100, target(600)), row(100, target(500)))?.limits ?? [];
    expect(limits.map(({ kind }) => kind)).toEqual(['pass', 'pass']);
    expect(limits[0]?.toX).toBe(limits[1]?.fromX);
    expect(limits[0]?.y).toBeLessThan(limits[1]?.y ?? 0);
  });

  it('draws equal values, and nothing without values', () => {
    expect(drawn(row(0), row(0))?.lines[0]?.every(({ y }) => Number.isFinite(y))).toBe(true);
    expect(drawn(row(null), undefined)).toBeUndefined();
  });
});
