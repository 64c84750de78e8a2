import { z } from 'zod';
import { pageFields } from '../paging/page.dto';

const text = (description: string, example: string) => z.string().optional().meta({ description, example: example });

/** A step of a remediation that is under way. */
export const remediation = z
  .object({
    eventId: text('Id of the event that the step belongs to', '6de83495-4f83-481c-8dbe-fcceb2e0243b'),
    keptnContext: text('Keptn context of the remediation', 'a3e5f16d-8888-4720-82c7-6995062905c1'),
    type: text('Type of the event', 'sh.keptn.event.remediation.triggered'),
    action: text('What is being done', 'scaling'),
    time: text('When the step began', '2020-11-23T10:15:30.123Z'),
  })
  .meta({ id: 'Remediation' });
export type Remediation = z.infer<typeof remediation>;

export const remediations = z
  .object({ ...pageFields, remediations: z.array(remediation) })
  .meta({ id: 'Remediations' });
export type Remediations = z.infer<typeof remediations>;

export const remediationParameter = z.string().max(1024).meta({
  description: 'Keptn context of the remediation',
  example: 'a3e5f16d-8888-4720-82c7-6995062905c1',
});
