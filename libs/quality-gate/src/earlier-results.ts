import { isDecodable } from './decodable';
import { type IndicatorList, indicatorList } from './indicator-list';

/** The values of an earlier evaluation. */
export interface EarlierResult {
  /** Of the event `evaluation-done`. */
  readonly id: string;
  /** Those that have a value. Results with the same ones share the object. */
  readonly indicators: IndicatorList;
  /** By the positions of the indicators. */
  readonly values: readonly number[];
}

/**
 * @param id of the event `evaluation-done`
 * @param values by indicator; one may appear several times
 */
export function earlierResult(id: string, values: readonly (readonly [string, number])[]): EarlierResult {
  return { id, indicators: indicatorList(values.map(([name]) => name)), values: values.map(([, value]) => value) };
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

/**
 * What an event `evaluation-done` says about indicators. Anyone may have sent it, so nothing of its form is relied on.
 *
 * @param data of the event, from JSON
 * @returns undefined when it holds no indicator, so that nothing can be compared with it, or cannot be decoded
 */
export function earlierResultOf({
  id,
  data,
}: {
  readonly id: string;
  readonly data?: unknown;
}): EarlierResult | undefined {
  const results = fieldsOf(fieldsOf(data)?.['evaluationdetails'])?.['indicatorResults'];
  if (!Array.isArray(results) || !isDecodable(data)) return undefined;
  const values: [string, number][] = [];
  let isUsable = false;
  for (const result of results) {
    const { metric, value, success } = fieldsOf(fieldsOf(result)?.['value']) ?? {};
    if (typeof metric !== 'string') continue;
    isUsable = true;
    if (success !== true || typeof value !== 'number' || !Number.isFinite(value)) continue;
    values.push([metric, value]);
  }
  return isUsable ? earlierResult(id, values) : undefined;
}
