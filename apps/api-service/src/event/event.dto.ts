import { z } from 'zod';

export const latestEventQuery = z.object({
  keptnContext: z
    .string()
    .min(1, '{field} is required')
    .meta({
      description: 'Keptn context of the event',
      examples: ['6d79636f-6e74-4578-b420-202020202020'],
    }),
  type: z
    .string()
    .min(1, '{field} is required')
    .meta({
      description: 'Type of the event',
      examples: ['sh.keptn.events.evaluation-done'],
    }),
});

export type LatestEventQuery = z.infer<typeof latestEventQuery>;
