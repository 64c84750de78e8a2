import type { Run, RunStep } from '@keptn/api-models';
import { describe, expect, it } from 'vitest';
import { runLayout } from './run-layout';

const step = (index: number): RunStep => ({
  ...{ stage: `stage-${index}`, service: 'carts', state: 'finished', since: '2020-11-23T10:00:00.000Z' },
});

const run = (steps: number, images: string[] = ['carts:1']): Run => ({
  ...{ keptnContext: 'a', isOpen: true, kind: 'delivery', project: 'sockshop', labels: [], images, openApprovals: [] },
  ...{ startedAt: '2020-11-23T10:00:00.000Z', updatedAt: '2020-11-23T11:00:00.000Z' },
  steps: Array.from({ length: steps }, (_none, index) => step(index)),
});

describe('the layout of the list of runs', () => {
  it('has as many columns of steps as there is room for', () => {
    expect([300, 1000, 1376].map((width) => runLayout({ width, rem: 16 }).columns)).toEqual([1, 4, 5]);
  });

  it('takes the size of letters that somebody has chosen', () => {
    const [usual, large] = [16, 32].map((rem) => runLayout({ width: 1376, rem }));
    expect(large?.columns).toBe(2);
    expect(large?.heightOf(run(1))).toBeGreaterThan(1.9 * (usual?.heightOf(run(1)) ?? Infinity));
  });

  it('gives a run a line for each row of its steps, and one for what it delivers', () => {
    const { heightOf } = runLayout({ width: 1376, rem: 16 });
    expect(heightOf(run(5))).toBe(heightOf(run(1)));
    expect(heightOf(run(6)) - heightOf(run(5))).toBe(28);
    expect(heightOf(run(5)) - heightOf(run(5, []))).toBe(28);
  });
});
