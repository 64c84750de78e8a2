import { z } from 'zod';
import { commonFields, number, part, text } from './common-data';

const carts = { project: 'sockshop', stage: 'production', service: 'carts' };

const problemFields = {
  State: text('OPEN or CLOSED', 'OPEN'),
  ProblemID: text('Short id of the problem', 'P-817'),
  ProblemTitle: text('Title; selects the remediation', 'Response time degradation'),
  ProblemDetails: z.unknown().optional().meta({ description: 'Whatever the monitoring tool knows' }),
  PID: text('Id of the problem', '93a5-3fas-a09d-8ckf'),
  ProblemURL: text('Where the problem is shown', 'https://monitoring.example.com/problems/817'),
  ImpactedEntity: text('What the problem is seen at', 'carts-primary'),
  Tags: text('Tags of the monitoring tool', 'service:carts'),
};

const problem = part(problemFields, 'The problem that led here');
const status = text('succeeded, errored or unknown', 'succeeded');
const result = text('pass or failed', 'pass');

export const problemData = z.looseObject({ ...commonFields, ...problemFields }).meta({
  id: 'ProblemData',
  description: 'A monitoring tool found a problem, or its end',
  example: { ...carts, State: 'OPEN', ProblemID: 'P-817', ProblemTitle: 'Response time degradation' },
});

export const remediationTriggeredData = z
  .looseObject({ ...commonFields, problem, remediation: part({}, 'The remediation') })
  .meta({
    id: 'RemediationTriggeredData',
    description: 'A remediation begins',
    example: { ...carts, problem: { ProblemTitle: 'Response time degradation' }, remediation: {} },
  });

export const remediationStartedData = z
  .looseObject({ ...commonFields, remediation: part({ status }, 'The remediation') })
  .meta({ id: 'RemediationStartedData', description: 'A remediation runs', example: { ...carts, remediation: {} } });

export const remediationStatusChangedData = z
  .looseObject({
    ...commonFields,
    remediation: part(
      {
        status,
        result: part(
          {
            actionIndex: number('Place of the action in the list', 0),
            actionName: text('Name of the action', 'scaling'),
          },
          'The action that is next',
        ),
      },
      'How far it is',
    ),
  })
  .meta({
    id: 'RemediationStatusChangedData',
    description: 'A remediation goes on to its next action',
    example: { ...carts, remediation: { status: 'succeeded', result: { actionIndex: 0, actionName: 'scaling' } } },
  });

export const remediationFinishedData = z
  .looseObject({
    ...commonFields,
    problem,
    remediation: part({ status, result, message: text('What came of it', 'response time is back') }, 'How it ended'),
  })
  .meta({
    id: 'RemediationFinishedData',
    description: 'A remediation is over',
    example: { ...carts, remediation: { status: 'succeeded', result: 'pass', message: '' } },
  });

export const actionTriggeredData = z
  .looseObject({
    ...commonFields,
    problem,
    action: part(
      {
        name: text('Name for people', 'Scale up'),
        action: text('What to do', 'scaling'),
        description: text('Why', 'one more replica'),
        value: z.unknown().optional().meta({ description: 'Parameter of the action' }),
      },
      'The action',
    ),
  })
  .meta({
    id: 'ActionTriggeredData',
    description: 'An action of a remediation is to be carried out',
    example: { ...carts, action: { name: 'Scale up', action: 'scaling', description: 'one more replica', value: '1' } },
  });

export const actionStartedData = z
  .looseObject(commonFields)
  .meta({ id: 'ActionStartedData', description: 'An action is being carried out', example: carts });

export const actionFinishedData = z
  .looseObject({ ...commonFields, action: part({ result, status }, 'How it ended') })
  .meta({
    id: 'ActionFinishedData',
    description: 'An action is over',
    example: { ...carts, action: { result: 'pass', status: 'succeeded' } },
  });
