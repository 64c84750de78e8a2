import { type OpenAPIObject } from '@nestjs/swagger';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/** Values of these keys belong to the API, not to its description. */
const HOLDS_VALUES: ReadonlySet<string> = new Set(['example', 'default', 'enum']);

/** Brings what zod writes as newer JSON Schema into the form that OpenAPI 3.0 has for it. */
export function inOpenApi30(document: OpenAPIObject): OpenAPIObject {
  return translated(document as unknown as Json) as unknown as OpenAPIObject;
}

const translated = (value: Json): Json => {
  if (value === null || typeof value !== 'object') {
    return value;
  }
  if (isList(value)) {
    return value.map(translated);
  }
  const entries = Object.entries(value).map(([key, each]) => [key, HOLDS_VALUES.has(key) ? each : translated(each)]);
  return translatedSchema(Object.fromEntries(entries) as JsonObject);
};

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Objects that are no schemas have none of these keys with values of these forms. */
const translatedSchema = (object: JsonObject): JsonObject => {
  const { contentEncoding, minimum, maximum, ...rest } = object;
  return {
    ...rest,
    ...(contentEncoding === 'base64' ? { format: 'byte' } : contentEncoding !== undefined && { contentEncoding }),
    // What every integer of JavaScript has as its bounds says nothing to others.
    ...(minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER && { minimum }),
    ...(maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER && { maximum }),
  };
};
