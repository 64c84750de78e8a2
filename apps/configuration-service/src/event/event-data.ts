import { z } from 'zod';

const text = (name: string) => z.string(`${name} must be a string`).nullish();

/** What the view reads of an event's data. */
export const eventData = z.looseObject(
  {
    project: text('project'),
    stage: text('stage'),
    service: text('service'),
    image: z
      .unknown()
      .optional()
      .transform((value) => (typeof value === 'string' ? value : undefined)),
    tag: z
      .unknown()
      .optional()
      .transform((value) => (typeof value === 'string' ? value : undefined)),
  },
  'it must be a JSON object',
);
export type EventData = z.infer<typeof eventData>;
