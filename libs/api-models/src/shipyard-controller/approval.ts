import { z } from 'zod';
import { optional } from '../contract/optional';
import { route } from '../contract/route';

const EVENT_ID = '6de83495-4f83-481c-8dbe-fcceb2e0243b';
const PERSON_LIMIT = 200;

export const decideApproval = route({
  method: 'POST',
  path: '/v1/approval/{eventId}',
  scope: 'event:write',
  keepsToProjects: true,
  tag: 'Approvals',
  summary: 'Approve or decline a release',
  description:
    'Sends sh.keptn.event.approval.finished. An approval has one decision: whoever comes second is told who decided. The same ' +
    'decision of the same person again changes nothing.',
  parameters: z.object({
    eventId: z.string().min(1).max(1024).meta({ description: 'Id of the approval.triggered event', example: EVENT_ID }),
  }),
  body: z
    .object({
      result: z.enum(['pass', 'failed'], 'must be pass or failed').meta({
        description: 'pass approves, failed declines',
        example: 'pass',
      }),
      decidedBy: optional(z.string().min(1).max(PERSON_LIMIT)).meta({ description: 'Who decides', example: 'ada' }),
    })
    .meta({ id: 'ApprovalDecision' }),
  answers: {
    200: {
      description: 'The decision counts',
      body: z
        .object({ eventId: z.string().meta({ description: 'Id of the approval.finished event', example: EVENT_ID }) })
        .meta({ id: 'DecidedApproval' }),
    },
  },
  errors: ['APPROVAL_NOT_FOUND', 'APPROVAL_DECIDED', 'CONFLICT', 'SERVICE_UNAVAILABLE'],
});
