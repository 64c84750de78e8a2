import { type z } from 'zod';

/**
 * A field that may be left out. `null` counts as left out: serialisers of Java, .NET and Python write it for what is not set,
 * and the Go services of the original read it so. Every optional field of a request body is declared with this.
 */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);
