import { z } from 'zod';

const EVENT_ID = '6de83495-4f83-481c-8dbe-fcceb2e0243b';
const CONTEXT = 'a3e5f16d-8888-4720-82c7-6995062905c1';
const IMAGE = 'docker.io/keptnexamples/carts:0.11.1';

const time = z.string().meta({ description: 'Time of an event, RFC 3339', example: '2020-11-23T10:15:30.123Z' });
const keptnContext = z.string().meta({ description: 'Keptn context', example: CONTEXT });
const service = z.string().meta({ description: 'Name of the service', example: 'carts' });
const image = z.string().meta({ description: 'Reference of the image', example: IMAGE });
const deploymentURIPublic = z.string().meta({
  description: 'Where people find what was deployed, by http or https, as its deployment-finished says',
  example: 'https://carts.sockshop-dev.example.com',
});
const result = z.string().meta({ description: 'Of the evaluation, approval or remediation', example: 'pass' });

export const runKind = z.enum(['delivery', 'evaluation', 'remediation']).meta({
  description: 'What began the run: a new artifact, an evaluation that somebody asked for, or a problem',
});

const stepState = z
  .enum(['deploying', 'testing', 'evaluating', 'awaiting approval', 'remediating', 'finished'])
  .meta({ description: 'What is under way in the stage' });

const problem = z
  .object({
    title: z.string().meta({ example: 'Response time degradation' }),
    state: z.enum(['open', 'closed']),
    since: time.meta({ description: 'When it came to this state' }),
    openedAt: time.optional().meta({ description: 'When it was first reported' }),
    url: z.string().optional().meta({
      description: 'Where the monitoring tool shows it, as the tool says',
      example: 'https://monitoring.example/problems/17',
    }),
    entity: z.string().optional().meta({ description: 'What it concerns, as the tool says', example: 'carts-primary' }),
  })
  .meta({ id: 'RunProblem' });

const step = z
  .object({
    stage: z.string().meta({
      description: 'Name of the stage; empty while neither an event nor the shipyard says it',
      example: 'staging',
    }),
    service,
    state: stepState,
    since: time.meta({ description: 'When it came to this state' }),
    awaits: z.string().optional().meta({
      description: 'What has to come next, and from whom',
      example: 'approval.finished from a person who decides',
    }),
    image: image.optional(),
    deployedAt: time.optional(),
    deploymentURIPublic: deploymentURIPublic.optional(),
    promotedAt: time.optional().meta({ description: 'When the canary was promoted' }),
    discardedAt: time
      .optional()
      .meta({ description: 'When the canary was discarded: the stage runs what it ran before' }),
    result: result.optional(),
    evaluatedAt: time.optional(),
    problem: problem.optional(),
    action: z.string().optional().meta({ description: 'Latest action of the remediation', example: 'scaling' }),
    message: z.string().optional().meta({ description: 'How the remediation ended' }),
  })
  .meta({ id: 'RunStep' });

export const openApproval = z
  .object({
    eventId: z.string().meta({ description: 'Id of the approval.triggered event', example: EVENT_ID }),
    keptnContext,
    project: z.string().meta({ example: 'sockshop' }),
    stage: z.string().meta({ example: 'production' }),
    service,
    image: image.optional(),
    result: result.meta({ description: 'Of the evaluation in the stage before' }),
    since: time.meta({ description: 'When it was asked for' }),
  })
  .meta({ id: 'OpenApproval' });

export const run = z
  .object({
    keptnContext,
    kind: runKind,
    project: z.string().meta({ example: 'sockshop' }),
    startedAt: time,
    updatedAt: time.meta({ description: 'Time of its last event' }),
    isOpen: z.boolean().meta({ description: 'Whether something is under way in a stage' }),
    labels: z.array(z.string()).meta({ description: 'Labels of its events, as `key=value`', example: ['build=17'] }),
    images: z.array(image),
    steps: z.array(step).meta({ description: 'One for each service in each stage, in the order of their first event' }),
    openApprovals: z.array(openApproval),
  })
  .meta({ id: 'Run' });
export type Run = z.infer<typeof run>;

export const problemReport = z
  .object({
    keptnContext,
    project: z.string().meta({ example: 'sockshop' }),
    stage: z.string().meta({ description: 'Name of the stage; may be empty', example: 'production' }),
    service,
    ...problem.shape,
    remediation: z
      .object({
        state: stepState,
        action: z.string().optional().meta({ description: 'Its latest action', example: 'scaling' }),
        result: result.optional(),
        message: z.string().optional().meta({ description: 'How it ended' }),
      })
      .optional()
      .meta({ description: 'Absent while nothing is done about it' }),
  })
  .meta({ id: 'Problem' });
export type ProblemReport = z.infer<typeof problemReport>;

export type RunStep = z.infer<typeof step>;
export type OpenApproval = z.infer<typeof openApproval>;

const boardRun = z
  .object({
    keptnContext,
    kind: runKind,
    state: stepState,
    since: time,
    awaits: z.string().optional(),
    image: image.optional(),
  })
  .meta({ id: 'BoardRun' });

const boardService = z
  .object({
    name: service,
    image: image.optional().meta({
      description:
        'What was deployed last; if that was discarded, what was promoted last before, or, when nothing is known of that, what was discarded',
    }),
    deployedAt: time.optional(),
    deployedBy: keptnContext.optional().meta({ description: 'Keptn context of the deployment' }),
    deploymentURIPublic: deploymentURIPublic.optional(),
    discarded: z
      .object({
        image: image.optional(),
        discardedAt: time,
        deployedBy: keptnContext.meta({ description: 'Keptn context of the deployment' }),
      })
      .optional()
      .meta({ description: 'What was deployed last, when its canary was discarded' }),
    result: result.optional().meta({ description: 'Of the latest evaluation' }),
    evaluatedAt: time.optional(),
    evaluatedBy: keptnContext.optional().meta({ description: 'Keptn context of the evaluation' }),
    problem: problem.optional().meta({ description: 'The latest one, while it is open' }),
    openApprovals: z.array(openApproval),
    openRuns: z.array(boardRun).meta({ description: 'What is under way, newest first' }),
  })
  .meta({ id: 'BoardService' });
export type BoardService = z.infer<typeof boardService>;

export const board = z
  .object({
    project: z.string().meta({ example: 'sockshop' }),
    stages: z
      .array(z.object({ name: z.string().meta({ example: 'dev' }), services: z.array(boardService) }))
      .meta({ description: 'In the order of the shipyard' }),
  })
  .meta({ id: 'Board' });
export type Board = z.infer<typeof board>;

const count = (description: string) => z.int().min(0).meta({ description, example: 1 });

export const projectHealth = z
  .object({
    project: z.string().meta({ example: 'sockshop' }),
    createdAt: time.optional(),
    stages: z.array(z.string()).meta({ description: 'In the order of the shipyard', example: ['dev', 'production'] }),
    services: count('Services in any stage'),
    failed: count('Services in a stage whose latest evaluation has failed'),
    warnings: count('Services in a stage whose latest evaluation ended with a warning'),
    openProblems: count('Services in a stage with an open problem'),
    openApprovals: count('Approvals that wait for a decision'),
    openRuns: count('Runs that are under way'),
    lastDeployedAt: time.optional(),
  })
  .meta({ id: 'ProjectHealth' });
export type ProjectHealth = z.infer<typeof projectHealth>;
