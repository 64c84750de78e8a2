import { z } from 'zod';

const timestamp = (what: string) =>
  z
    .string()
    .optional()
    .meta({
      description: `${what}: YYYY-MM-DDTHH:MM:SS in UTC, a fraction allowed, without a zone`,
      examples: ['2020-11-23T10:15:30'],
    });

export const startEvaluation = z
  .object({
    start: timestamp('Start of the time to be evaluated'),
    end: timestamp('End of the time to be evaluated; not together with timeframe'),
    timeframe: z
      .string()
      .optional()
      .meta({
        description:
          'Length in minutes; without a start it ends now. Without start, end and timeframe: the last 5 minutes',
        examples: ['5m'],
      }),
    labels: z
      .record(z.string(), z.string())
      .nullish()
      .meta({ description: 'Labels of the evaluation', examples: [{ build: '1.2.3' }] }),
  })
  // A client may send "" for what it does not set.
  .transform(({ start, end, timeframe, labels }) => ({
    start: start === '' ? undefined : start,
    end: end === '' ? undefined : end,
    timeframe: timeframe === '' ? undefined : timeframe,
    labels: labels ?? null,
  }))
  .meta({ id: 'StartEvaluation', example: { timeframe: '5m', labels: { build: '1.2.3' } } });

export type StartEvaluation = z.output<typeof startEvaluation>;
