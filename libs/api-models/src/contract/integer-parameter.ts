import { z } from 'zod';

/** Digits that a JavaScript number holds exactly. */
const INTEGER = /^[+-]?\d{1,15}$/;

/** An integer as it comes in a query. What is none is refused with the text of the original (contract 3.0). */
export const integerParameter = (minimum: number, maximum: number) =>
  z
    .string()
    .refine((value) => INTEGER.test(value), {
      error: ({ input }) => `{field} must be of type int64: ${JSON.stringify(input)}`,
      abort: true,
    })
    .transform(Number)
    .pipe(z.int().min(minimum).max(maximum));
