/** The values of an earlier evaluation, by indicator; several when an objective appears twice. */
export interface EarlierResult {
  /** Of the event `evaluation-done`. */
  readonly id: string;
  readonly values: ReadonlyMap<string, readonly number[]>;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

/**
 * What an event `evaluation-done` says about indicators. Anyone may have sent it, so nothing of its form is relied on.
 *
 * @param data of the event, from JSON
 * @returns undefined when it holds no indicator, so that nothing can be compared with it
 */
export function earlierResultOf({
  id,
  data,
}: {
  readonly id: string;
  readonly data?: unknown;
}): EarlierResult | undefined {
  const results = fieldsOf(fieldsOf(data)?.['evaluationdetails'])?.['indicatorResults'];
  if (!Array.isArray(results)) return undefined;
  const values = new Map<string, number[]>();
  let isUsable = false;
  for (const result of results) {
    const { metric, value, success } = fieldsOf(fieldsOf(result)?.['value']) ?? {};
    if (typeof metric !== 'string') continue;
    isUsable = true;
    if (success !== true || typeof value !== 'number' || !Number.isFinite(value)) continue;
    const known = values.get(metric);
    if (known === undefined) values.set(metric, [value]);
    else known.push(value);
  }
  return isUsable ? { id, values } : undefined;
}

/**
 * @param events `evaluation-done`, newest first
 * @param limit how many are wanted
 * @returns the newest that can be compared with
 */
export function usableResults(
  events: readonly { readonly id: string; readonly data?: unknown }[],
  limit: number,
): readonly EarlierResult[] {
  const usable: EarlierResult[] = [];
  for (const event of events) {
    if (usable.length >= limit) break;
    const result = earlierResultOf(event);
    if (result !== undefined) usable.push(result);
  }
  return usable;
}
