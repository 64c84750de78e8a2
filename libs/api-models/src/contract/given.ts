import { z } from 'zod';

/** A parameter as clients write it; an empty one counts as absent (contract 5.3). */
export const given = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value: string | undefined) => (value === '' ? undefined : value), schema.optional()).optional();
