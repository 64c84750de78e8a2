import { z } from 'zod';

export const rebuildReport = z
  .object({
    events: z.int().meta({ description: 'Events of services that were read from the log', example: 1042 }),
    open: z.int().meta({ description: 'Approvals and remediations that are open by the log', example: 3 }),
  })
  .meta({ id: 'RebuildReport' });
export type RebuildReport = z.infer<typeof rebuildReport>;
