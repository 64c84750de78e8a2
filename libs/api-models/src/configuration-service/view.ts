import { z } from 'zod';
import { route } from '../contract/route';

const rebuildReport = z
  .object({
    events: z.int().meta({ description: 'Events of services that were read from the log', example: 1042 }),
    open: z.int().meta({ description: 'Approvals and remediations that are open by the log', example: 3 }),
  })
  .meta({ id: 'RebuildReport' });
export type RebuildReport = z.infer<typeof rebuildReport>;

export const rebuildView = route({
  method: 'POST',
  path: '/v1/view/rebuild',
  scope: 'system:manage',
  tag: 'View',
  summary: 'Rebuild the view from Git and the event log',
  description:
    'Compares projects, stages, services and shipyards with Git, and brings the last events, deployed images, open ' +
    'approvals and open remediations to what the event log says. Events that come in meanwhile are kept. It can be ' +
    'repeated at any time.',
  isInternal: true,
  answers: { 200: { description: 'The view is rebuilt', body: rebuildReport } },
  errors: ['SERVICE_UNAVAILABLE'],
});
