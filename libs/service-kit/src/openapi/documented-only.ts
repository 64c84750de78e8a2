import { type z } from 'zod';

/**
 * A schema that describes a body in the OpenAPI document and lets everything pass, for bodies that are checked by a reader of
 * their own.
 */
export function documentedOnly<Schema extends z.ZodType>(schema: Schema): Pick<Schema, '~standard'> {
  return {
    '~standard': { ...schema['~standard'], validate: (value: unknown) => ({ value: value as z.output<Schema> }) },
  };
}
