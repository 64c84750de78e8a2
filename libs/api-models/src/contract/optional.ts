import { z } from 'zod';

/**
 * A field that may be left out. `null` counts as left out: serialisers of Java, .NET and Python write it for what is not set,
 * and the Go services of the original read it so. Every optional field of a request body is declared with this.
 */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);

/** An optional map with texts for keys, of which an entry of `null` is left out. */
export const optionalMap = <Schema extends z.ZodType>(value: Schema) =>
  optional(
    z.record(z.string(), value.nullable()).transform((map): Record<string, z.output<Schema>> => {
      const entries = Object.entries<z.output<Schema> | null>(map);
      return Object.fromEntries(entries.flatMap(([key, entry]) => (entry === null ? [] : [[key, entry]])));
    }),
  );

/**
 * A body in which `null` counts as left out at every level, as {@link optional} has it for a field, for bodies whose fields are those of an
 * answer as well. A required field that is `null` is missing, and an item of a list that is `null` is wrong, as ever.
 */
export const withoutNulls = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value: z.input<Schema>) => nullsLeftOut(value), schema);

function nullsLeftOut(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nullsLeftOut);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([name, field]) => [name, nullsLeftOut(field)]));
}
