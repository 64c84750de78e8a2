import { type IndicatorValue } from '@keptn/quality-gate';

/** Requests of one evaluation at the same time: a monitoring tool has others to answer meanwhile. */
const CONCURRENCY = 16;

/** Asks for one indicator after the other, some at the same time. */
export async function askEach(
  indicators: readonly string[],
  ask: (indicator: string) => Promise<IndicatorValue>,
): Promise<readonly IndicatorValue[]> {
  const values: IndicatorValue[] = [];
  const left = indicators.entries();
  const askOn = async (): Promise<void> => {
    for (const [position, indicator] of left) values[position] = await ask(indicator);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, askOn));
  return values;
}
