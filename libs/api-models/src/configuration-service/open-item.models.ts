import { z } from 'zod';
import { optional } from '../contract/optional';

const EVENT_ID = '6de83495-4f83-481c-8dbe-fcceb2e0243b';
const CONTEXT = 'a3e5f16d-8888-4720-82c7-6995062905c1';
const TIME = '2020-11-23T10:15:30.123Z';

const APPROVAL = {
  eventId: { description: 'Id of the approval.triggered event', example: EVENT_ID },
  keptnContext: { description: 'Keptn context of the release', example: CONTEXT },
  image: { description: 'Image that is to be released', example: 'docker.io/keptnexamples/carts' },
  tag: { description: 'Tag of the image', example: '0.11.1' },
  time: { description: 'When the approval was asked for', example: TIME },
};

const REMEDIATION = {
  eventId: { description: 'Id of the event that the step belongs to', example: EVENT_ID },
  keptnContext: { description: 'Keptn context of the remediation', example: CONTEXT },
  type: { description: 'Type of the event', example: 'sh.keptn.event.remediation.triggered' },
  action: { description: 'What is being done', example: 'scaling' },
  time: { description: 'When the step began', example: TIME },
};

type Described = Readonly<Record<string, { readonly description: string; readonly example: string }>>;

/** Every field is text, is the sender's, and may be left out. */
function fieldsOf<Fields extends Described, Text extends z.ZodType>(fields: Fields, text: () => Text) {
  const described = Object.entries(fields).map(([name, meta]) => [name, text().meta(meta)]);
  return Object.fromEntries(described) as { [Name in keyof Fields]: Text };
}

const given = () => z.string().optional();
const sent = () => optional(z.string());

/** A release that waits for a decision. */
export const approval = z.object(fieldsOf(APPROVAL, given)).meta({ id: 'Approval' });
export const newApproval = z.object(fieldsOf(APPROVAL, sent)).meta({ id: 'NewApproval' });

/** A step of a remediation that is under way. */
export const remediation = z.object(fieldsOf(REMEDIATION, given)).meta({ id: 'Remediation' });
export const newRemediation = z.object(fieldsOf(REMEDIATION, sent)).meta({ id: 'NewRemediation' });
