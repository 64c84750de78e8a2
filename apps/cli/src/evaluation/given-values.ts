import { UsageFailure } from '../failures/failure';

/** A value that was measured elsewhere; without success there is none, and `message` says why. */
export interface GivenValue {
  readonly metric: string;
  readonly value: number;
  readonly success: boolean;
  readonly message?: string;
}

/**
 * Reads values from JSON or YAML: `{response_time_p95: 412}`, or a list as SLI providers send it. `null` is no value.
 *
 * @param file name of it, for messages
 * @throws UsageFailure
 */
export async function givenValues(text: string, file: string): Promise<GivenValue[]> {
  const { parse } = await import('yaml');
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw new UsageFailure(
      `${file} is neither JSON nor YAML: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (Array.isArray(content)) return content.map((item) => listedValue(item, file));
  if (typeof content !== 'object' || content === null) throw notValues(file);
  return Object.entries(content).map(([metric, value]) => namedValue(metric, value, file));
}

const notValues = (file: string): UsageFailure =>
  new UsageFailure(`${file} holds no values`, 'Write them like {"response_time_p95": 412}.');

function namedValue(metric: string, value: unknown, file: string): GivenValue {
  if (value === null) return { metric, value: 0, success: false, message: 'there is no value' };
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new UsageFailure(`${file}: ${metric} must be a number, or null for no value`);
  }
  return { metric, value, success: true };
}

function listedValue(item: unknown, file: string): GivenValue {
  const { metric, value, success = true, message } = typeof item === 'object' && item !== null ? (item as Fields) : {};
  if (typeof metric !== 'string') throw notValues(file);
  const read = success === true ? namedValue(metric, value, file) : namedValue(metric, null, file);
  return typeof message === 'string' ? { ...read, message } : read;
}

type Fields = Readonly<Record<string, unknown>>;
