import { z } from 'zod';

/** Refused lines that a report names; more are counted only. */
export const NAMED_REFUSALS = 100;

const refusal = z.object({
  line: z.int().meta({ description: 'Number of the line, counted from 1', example: 17 }),
  code: z.int().meta({ description: 'What a request with this event alone is answered', example: 400 }),
  message: z.string().meta({ example: 'type in body is required' }),
});

export const importReport = z
  .object({
    stored: z.int().meta({ description: 'Events that were stored now', example: 4711 }),
    replayed: z.int().meta({ description: 'Events that had been stored before', example: 0 }),
    refused: z.int().meta({ description: 'Lines that were not stored', example: 1 }),
    refusals: z
      .array(refusal)
      .meta({ description: `Why; the first ${NAMED_REFUSALS} of them, in the order of the lines` }),
  })
  .meta({ id: 'ImportReport', description: 'What became of the lines of an import' });

export type ImportReport = z.infer<typeof importReport>;
