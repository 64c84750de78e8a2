import { isLosslessNumber, LosslessNumber } from 'lossless-json';

/** A number whose spelling a JavaScript number cannot hold, kept as it was written; `value` is its JSON text. */
export { LosslessNumber as ExactNumber, isLosslessNumber as isExactNumber };

export type JsonNumber = number | LosslessNumber;
export type JsonScalar = string | boolean | null | JsonNumber;
export type JsonValue = JsonScalar | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Whether a value is a JSON object: not null, not an array, not an {@link LosslessNumber}. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
}

/** The nearest JavaScript number, for calculations and comparisons that can bear rounding. */
export function numberOf(value: JsonNumber): number {
  return typeof value === 'number' ? value : Number(value.value);
}

/** Sets an own property, also one named `__proto__`, which a plain assignment would turn into a change of prototype. */
export function setOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

/** An own property, or undefined; never one that is inherited. */
export function own(source: object, key: string): unknown {
  return Object.hasOwn(source, key) ? (source as Readonly<Record<string, unknown>>)[key] : undefined;
}
