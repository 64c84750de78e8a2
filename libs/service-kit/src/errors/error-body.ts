import { STATUS_CODES } from 'node:http';
import { z } from 'zod';

/** The body of every failure of every service; clients of Keptn 0.7 read `message` without checking. */
export const errorBody = z
  .object({
    code: z.int().meta({ description: 'The HTTP status', examples: [404] }),
    message: z
      .string()
      .meta({ description: 'What is wrong, and what to do about it', examples: ['Project not found'] }),
  })
  .meta({ id: 'Error' });

export type ErrorBody = z.infer<typeof errorBody>;

/**
 * @param status HTTP status, repeated in the body
 * @param message text for the person; the status' standard text when empty
 */
export function toErrorBody(status: number, message: string): ErrorBody {
  return { code: status, message: message === '' ? (STATUS_CODES[status] ?? 'Error') : message };
}
