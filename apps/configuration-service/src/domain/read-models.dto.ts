import { z } from 'zod';
import { nanosecondsText } from './nanoseconds.dto';

const text = (description: string, example: string) => z.string().optional().meta({ description, example });

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

const eventContext = z
  .object({
    eventId: z.string().meta({ example: '6de83495-4f83-481c-8dbe-fcceb2e0243b' }),
    keptnContext: z.string().meta({ example: 'a3e5f16d-8888-4720-82c7-6995062905c1' }),
    time: nanosecondsText,
  })
  .meta({ id: 'EventContext' });

const deploymentFields = {
  deployedImage: z
    .string()
    .optional()
    .meta({ description: 'Of the last deployment-finished event', example: 'docker.io/keptnexamples/carts:0.11.1' }),
  lastEventTypes: z
    .record(z.string(), eventContext)
    .optional()
    .meta({ description: 'The last event of each type; absent when there was none' }),
};

/** A service in one stage. */
export const expandedService = z
  .object({
    serviceName: z.string().meta({ example: 'carts' }),
    ...deploymentFields,
    creationDate: nanosecondsText,
    openApprovals: z.array(approval),
    openRemediations: z.array(remediation),
  })
  .meta({ id: 'ExpandedService' });
export type ExpandedService = z.infer<typeof expandedService>;

export const expandedStage = z
  .object({
    stageName: z.string().meta({ example: 'dev' }),
    services: z.array(expandedService).meta({ description: 'In the order of their creation' }),
  })
  .meta({ id: 'ExpandedStage' });
export type ExpandedStage = z.infer<typeof expandedStage>;

const stageInfo = z
  .object({ stageName: z.string().meta({ example: 'dev' }), ...deploymentFields })
  .meta({ id: 'InverseServiceStageInfo' });

/** A service with the stages that it is in. */
export const serviceWithStages = z
  .object({
    serviceName: z.string().meta({ example: 'carts' }),
    creationDate: nanosecondsText,
    stageInfo: z
      .array(stageInfo)
      .meta({ description: 'The stages that the service is in, in the order of the project' }),
  })
  .meta({ id: 'ExpandedServiceWithStageInfo' });
export type ServiceWithStages = z.infer<typeof serviceWithStages>;
