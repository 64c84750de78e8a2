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
