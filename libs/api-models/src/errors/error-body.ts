import { z } from 'zod';

/** The body of every answer that reports an error; clients read `message` without looking whether it is there. */
export const errorBody = z
  .object({
    code: z.number().int().meta({ description: 'The HTTP status', example: 404 }),
    message: z
      .string()
      .meta({ description: 'What is wrong and what to do, for the person who reads it', example: 'Project not found' }),
    reason: z.string().meta({
      description: 'Stable name of the failure, for programs',
      pattern: '^[A-Z]+(_[A-Z]+)*$',
      example: 'PROJECT_NOT_FOUND',
    }),
  })
  .meta({
    id: 'Error',
    description: 'An error',
    example: { code: 404, message: 'Project not found', reason: 'PROJECT_NOT_FOUND' },
  });
export type ErrorBody = z.infer<typeof errorBody>;
