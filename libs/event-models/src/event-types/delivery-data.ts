import { z } from 'zod';
import {
  anything,
  commonFields,
  imageFields,
  number,
  part,
  strategyFields,
  text,
  timeframeFields,
} from './common-data';

const carts = { project: 'sockshop', stage: 'staging', service: 'carts' };

export const configurationChangeData = z
  .looseObject({
    ...commonFields,
    valuesCanary: anything('Values of the Helm chart to set for the canary'),
    canary: part(
      { value: number('Share of the traffic in percent', 100), action: text('set, promote or discard', 'set') },
      'What happens to the canary',
    ),
    fileChangesUserChart: anything('Files of the chart of the user, by path'),
    fileChangesGeneratedChart: anything('Files of the generated chart, by path'),
    fileChangesUmbrellaChart: anything('Files of the umbrella chart, by path'),
  })
  .meta({
    id: 'ConfigurationChangeData',
    description: 'A new artifact or configuration is to be deployed',
    example: {
      project: 'sockshop',
      stage: '',
      service: 'carts',
      valuesCanary: { image: 'docker.io/keptnexamples/carts:0.11.1' },
      canary: { value: 100, action: 'set' },
      labels: null,
    },
  });

export const deploymentFinishedData = z
  .looseObject({
    ...commonFields,
    ...strategyFields,
    ...imageFields,
    deploymentURILocal: text('Where the deployment answers inside the cluster', 'http://carts.sockshop-staging'),
    deploymentURIPublic: text('Where the deployment answers from outside', 'https://carts.example.com'),
  })
  .meta({
    id: 'DeploymentFinishedData',
    description: 'A deployment is done',
    example: { ...carts, deploymentstrategy: 'direct', image: 'docker.io/keptnexamples/carts', tag: '0.11.1' },
  });

export const testsFinishedData = z
  .looseObject({ ...commonFields, ...strategyFields, ...timeframeFields, result: text('pass or fail', 'pass') })
  .meta({
    id: 'TestsFinishedData',
    description: 'Tests are done',
    example: { ...carts, teststrategy: 'performance', result: 'pass' },
  });

export const approvalTriggeredData = z
  .looseObject({
    ...commonFields,
    ...strategyFields,
    ...imageFields,
    result: text('Result of the evaluation that leads here', 'warning'),
  })
  .meta({
    id: 'ApprovalTriggeredData',
    description: 'A release into the next stage waits for approval',
    example: { ...carts, image: 'docker.io/keptnexamples/carts', tag: '0.11.1', result: 'warning' },
  });

export const approvalFinishedData = z
  .looseObject({
    ...commonFields,
    ...strategyFields,
    ...imageFields,
    approval: part(
      { result: text('pass, fail or failed', 'pass'), status: text('succeeded', 'succeeded') },
      'The decision',
    ),
  })
  .meta({
    id: 'ApprovalFinishedData',
    description: 'A release was approved or declined; `triggeredid` names the request',
    example: { ...carts, tag: '0.11.1', approval: { result: 'pass', status: 'succeeded' } },
  });

export const approvalReminderData = z
  .looseObject({
    ...commonFields,
    ...imageFields,
    reminder: z.number().nullish().meta({ description: 'Number of the reminder, from 1', example: 2 }),
  })
  .meta({
    id: 'ApprovalReminderData',
    description: 'An approval is still open; `triggeredid` names the request',
    example: { ...carts, tag: '0.11.1', reminder: 2 },
  });

export const deliveryFinishedData = z
  .looseObject({
    ...commonFields,
    delivery: part(
      {
        subscription: text('Name of the subscription', 'deploy'),
        outcome: text('accepted or refused', 'accepted'),
        startedAt: text('When the last attempt began, RFC 3339', '2020-11-23T10:10:00.000Z'),
        endedAt: text('When it ended, RFC 3339', '2020-11-23T10:10:03.000Z'),
        error: text('Why it was refused'),
        answer: text('The beginning of what the receiver answered', '{"result":"pass"}'),
      },
      'How it ended',
    ),
  })
  .meta({
    id: 'DeliveryFinishedData',
    description: 'An event was delivered to a subscription that reports outcomes; `triggeredid` names the event',
    example: { ...carts, delivery: { subscription: 'deploy', outcome: 'accepted' } },
  });
