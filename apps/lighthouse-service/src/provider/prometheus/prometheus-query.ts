import { HttpClient } from '@keptn/service-kit';
import { z } from 'zod';
import { failedQuery } from '../failed-query';
import { NoValue } from '../no-value';
import { type PrometheusAccess } from './prometheus-credentials';

const sample = z.tuple([z.number(), z.string()]);
const answer = z.union([
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: sample })) }),
      z.object({ resultType: z.literal('scalar'), result: sample }),
      z.object({ resultType: z.literal('matrix'), result: z.unknown() }),
      z.object({ resultType: z.literal('string'), result: z.unknown() }),
    ]),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
]);

/** In bytes: far more than one figure needs. */
const LARGEST_ANSWER = 1024 * 1024;

export interface PrometheusQuery {
  readonly query: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** How long the answer may take; Prometheus itself gives up after two minutes unless told otherwise. */
  readonly timeoutMs: number;
  /** Ends the query. */
  readonly signal: AbortSignal;
}

/**
 * The value of an instant query.
 *
 * @throws NoValue
 */
export async function queryPrometheus(
  { url, headers }: PrometheusAccess,
  { query, time, timeoutMs, signal }: PrometheusQuery,
): Promise<number> {
  const client = new HttpClient({ name: 'Prometheus', url, timeoutMs, maxAnswerBytes: LARGEST_ANSWER });
  try {
    const { status, body } = await client.send({
      method: 'POST',
      path: '/api/v1/query',
      headers: { ...headers, accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      // Thanos answers with a part of the data otherwise, as a success.
      body: new URLSearchParams({ query, time: String(time), partial_response: 'false' }).toString(),
      signal,
    });
    return valueOf(status, body);
  } catch (error) {
    throw failedQuery('Prometheus', error);
  } finally {
    await client.close();
  }
}

function valueOf(status: number, body: string): number {
  const parsed = answer.safeParse(jsonOf(body));
  if (parsed.data?.status === 'error') throw new NoValue(`Prometheus answered ${status}: ${parsed.data.error}`);
  if (status !== 200 || !parsed.success) throw new NoValue(`Prometheus answered ${status}`);
  const { data } = parsed.data;
  switch (data.resultType) {
    case 'scalar':
      return numberOf(data.result[1]);
    case 'vector':
      return onlyOf(data.result.map(({ value }) => value[1]));
    default:
      throw new NoValue(`the query makes a ${data.resultType}, but must make one number`);
  }
}

function onlyOf(values: readonly string[]): number {
  const [only] = values;
  if (only === undefined) throw new NoValue('Prometheus has no data for the query');
  if (values.length > 1)
    throw new NoValue(`the query makes ${values.length} series, but must make one: use sum() or max()`);
  return numberOf(only);
}

function numberOf(text: string): number {
  if (text === 'NaN') throw new NoValue('SLI value is NaN');
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new NoValue(`SLI value is ${text || 'empty'}`);
  return value;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
