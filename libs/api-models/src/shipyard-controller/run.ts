import { z } from 'zod';
import { integerParameter } from '../contract/integer-parameter';
import { route } from '../contract/route';
import { projectNames } from '../names';
import { board, openApproval, problemReport, projectHealth, run, runKind } from './run.models';

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;
const TEXT_LIMIT = 1024;
/** As many as configuration-service lists at once. */
const MAX_PROJECTS = 50;

const RUNS = 'Runs';

const text = (description: string, example: string) =>
  z.string().min(1).max(TEXT_LIMIT).optional().meta({ description, example });

const time = (description: string, example: string) =>
  z.iso.datetime({ offset: true }).optional().meta({ description, example });

const location = {
  project: text('Only of this project', 'sockshop'),
  stage: text('Only those that have come to this stage', 'staging'),
  service: text('Only of this service', 'carts'),
};

const pageQuery = {
  pageSize: integerParameter(1, MAX_PAGE_SIZE)
    .optional()
    .transform((size) => size ?? DEFAULT_PAGE_SIZE)
    .meta({ type: 'integer', description: `Runs on a page; ${DEFAULT_PAGE_SIZE} when absent`, example: 20 }),
  nextPageKey: z
    .string()
    .max(2 * TEXT_LIMIT)
    .optional()
    .meta({ description: 'The `nextPageKey` of the page before; absent for the first page' }),
};

const nextPageKey = z.string().meta({
  description: 'Send it as `nextPageKey` to get the next page; "0" when this is the last one',
  example: '0',
});

/** Runs follow the log a moment later. */
const following = {
  notOlderThan: integerParameter(0, Number.MAX_SAFE_INTEGER).optional().meta({
    type: 'integer',
    description: 'Wait a moment until everything up to this sequence number of the log is in the answer',
    example: 4711,
  }),
};

const position = z.int().min(0).meta({
  description: 'Everything up to this sequence number of the log is in the answer; 0 when that is not known',
  example: 4711,
});

export const listRuns = route({
  method: 'GET',
  path: '/v1/run',
  scope: 'event:read',
  keepsToProjects: true,
  tag: RUNS,
  summary: 'List runs: what is or was under way in which stage, since when, and what it waits for',
  description:
    'A run is everything that happens in one Keptn context: a delivery, an evaluation, a remediation. All given filters ' +
    'must hold. Newest first; pages neither skip nor repeat a run while others begin.',
  query: z.object({
    ...location,
    kind: runKind.optional(),
    state: z.enum(['open', 'finished']).optional().meta({ description: 'Whether something is under way' }),
    keptnContext: text('Only this run', 'a3e5f16d-8888-4720-82c7-6995062905c1'),
    image: text(
      'Only those of this image: its whole reference, that without its tag, or of the part after its last slash, such as ' +
        '`carts:0.11.1`, all, the name or the tag',
      'docker.io/keptnexamples/carts:0.11.1',
    ),
    label: text('Only those with this label, whatever its value is where only the key is given', 'build=17'),
    fromTime: time('Only those that began then or later', '2026-01-31T10:15:30Z'),
    beforeTime: time('Only those that began earlier', '2026-02-28T10:15:30Z'),
    ...following,
    ...pageQuery,
  }),
  answers: {
    200: {
      description: 'One page',
      body: z.object({ runs: z.array(run), nextPageKey, position }).meta({ id: 'Runs' }),
    },
  },
  errors: ['INVALID_REQUEST', 'INVALID_PAGE_KEY', 'DATABASE_UNAVAILABLE'],
});

export const listOpenApprovals = route({
  method: 'GET',
  path: '/v1/approval',
  scope: 'event:read',
  keepsToProjects: true,
  tag: 'Approvals',
  summary: 'List the open approvals of all projects',
  description: 'Those of the newest runs first. A page holds the approvals of `pageSize` runs.',
  query: z.object({ ...location, ...following, ...pageQuery }),
  answers: {
    200: {
      description: 'One page',
      body: z.object({ approvals: z.array(openApproval), nextPageKey, position }).meta({ id: 'OpenApprovals' }),
    },
  },
  errors: ['INVALID_REQUEST', 'INVALID_PAGE_KEY', 'DATABASE_UNAVAILABLE'],
});

export const listProblems = route({
  method: 'GET',
  path: '/v1/problem',
  scope: 'event:read',
  keepsToProjects: true,
  tag: 'Problems',
  summary: 'List the problems of all projects, and what is done about them',
  description: 'Those of the newest runs first. A page holds the problems of `pageSize` runs.',
  query: z.object({
    ...location,
    state: z.enum(['open', 'closed']).optional().meta({ description: 'Only problems in this state' }),
    ...following,
    ...pageQuery,
  }),
  answers: {
    200: {
      description: 'One page',
      body: z.object({ problems: z.array(problemReport), nextPageKey, position }).meta({ id: 'Problems' }),
    },
  },
  errors: ['INVALID_REQUEST', 'INVALID_PAGE_KEY', 'DATABASE_UNAVAILABLE'],
});

export const getBoard = route({
  method: 'GET',
  path: '/v1/project/{project}/board',
  scope: 'event:read',
  tag: RUNS,
  summary: 'Show a project as a board of stages and services',
  description:
    'For each service in each stage what it runs, the latest verdict, the open problem, what waits for an approval, ' +
    'and what is under way.',
  parameters: projectNames,
  query: z.object(following),
  answers: { 200: { description: 'The board', body: board.extend({ position }).meta({ id: 'BoardAtPosition' }) } },
  errors: ['PROJECT_NOT_FOUND', 'SERVICE_UNAVAILABLE', 'DATABASE_UNAVAILABLE'],
});

export const listProjectHealth = route({
  method: 'GET',
  path: '/v1/project',
  scope: 'event:read',
  keepsToProjects: true,
  tag: RUNS,
  summary: 'List the projects with their health at a glance',
  description: 'Counts over the boards of the projects, in the order of the creation of the projects.',
  query: z.object({
    pageSize: integerParameter(1, MAX_PROJECTS)
      .optional()
      .transform((size) => size ?? MAX_PROJECTS)
      .meta({ type: 'integer', description: `Projects on a page; ${MAX_PROJECTS} when absent`, example: MAX_PROJECTS }),
    nextPageKey: pageQuery.nextPageKey,
    ...following,
  }),
  answers: {
    200: {
      description: 'One page',
      body: z.object({ projects: z.array(projectHealth), nextPageKey, position }).meta({ id: 'ProjectHealthPage' }),
    },
  },
  errors: ['INVALID_REQUEST', 'SERVICE_UNAVAILABLE', 'DATABASE_UNAVAILABLE'],
});

export const rebuildRuns = route({
  method: 'POST',
  path: '/v1/run/rebuild',
  scope: 'system:manage',
  tag: RUNS,
  summary: 'Make the list of runs again from the event log',
  description:
    'Runs whose events are no longer in the log are removed. It can be repeated at any time, while events come in.',
  isInternal: true,
  answers: {
    200: {
      description: 'The list agrees with the log',
      body: z
        .object({ runs: z.int().meta({ description: 'Runs in the log', example: 42 }) })
        .meta({ id: 'RebuiltRuns' }),
    },
  },
  errors: ['SERVICE_UNAVAILABLE', 'DATABASE_UNAVAILABLE'],
});
