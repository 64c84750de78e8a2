import { z } from 'zod';
import { pageFields } from '../paging/page.dto';

const text = (description: string, example: string) => z.string().optional().meta({ description, example: example });

/** A release that waits for somebody's decision. */
export const approval = z
  .object({
    eventId: text('Id of the approval.triggered event', '6de83495-4f83-481c-8dbe-fcceb2e0243b'),
    keptnContext: text('Keptn context of the release', 'a3e5f16d-8888-4720-82c7-6995062905c1'),
    image: text('Image that is to be released', 'docker.io/keptnexamples/carts'),
    tag: text('Tag of the image', '0.11.1'),
    time: text('When the approval was asked for', '2020-11-23T10:15:30.123Z'),
  })
  .meta({ id: 'Approval' });
export type Approval = z.infer<typeof approval>;

export const approvals = z.object({ ...pageFields, approvals: z.array(approval) }).meta({ id: 'Approvals' });
export type Approvals = z.infer<typeof approvals>;

export const approvalParameter = z.string().max(1024).meta({
  description: 'eventId of the approval',
  example: '6de83495-4f83-481c-8dbe-fcceb2e0243b',
});
