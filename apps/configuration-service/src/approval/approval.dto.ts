import { z } from 'zod';
import { pageFields } from '../domain/page.dto';
import { approval } from '../domain/read-models.dto';

export const approvals = z.object({ ...pageFields, approvals: z.array(approval) }).meta({ id: 'Approvals' });
export type Approvals = z.infer<typeof approvals>;

export const approvalParameter = z.string().max(1024).meta({
  description: 'eventId of the approval',
  example: '6de83495-4f83-481c-8dbe-fcceb2e0243b',
});
