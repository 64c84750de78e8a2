import { COMPAT_VERSIONS } from '../compat/keptn-0.7';
import { UsageFailure } from '../failures/failure';
import { type FlagSpec } from './command';

/** Longer than a gateway gives its services, 90 seconds: its answer says what the matter is. */
export const STANDARD_TIMEOUT_S = 100;

/** Flags that every command takes. */
export const globalFlags = {
  output: {
    short: 'o',
    value: 'format',
    choices: ['table', 'json', 'yaml', 'name'],
    summary: 'Format of the answer; tables and sentences are for people, the others for programs',
  },
  quiet: { short: 'q', summary: 'Print only what was asked for, no progress and no confirmation' },
  verbose: { short: 'v', summary: 'Show each request and how long it took, on stderr' },
  color: { long: 'no-color', summary: 'No colors, as with the environment variable NO_COLOR' },
  context: { value: 'name', completes: 'context', summary: 'Use this context instead of the current one' },
  caFile: { value: 'file', completes: 'file', summary: 'Trust the certificates of this PEM file, and no others' },
  insecure: { summary: 'Do not verify the certificate of the server' },
  requestTimeout: { value: 'seconds', summary: `How long an answer may take; ${STANDARD_TIMEOUT_S} unless given` },
  compat: {
    value: 'version',
    choices: COMPAT_VERSIONS,
    summary: 'Answer as the command of Keptn 0.7 does, for scripts that parse its answers',
  },
  suppressWebsocket: { hidden: true, summary: 'Accepted for scripts of Keptn 0.7' },
} as const satisfies Record<string, FlagSpec>;

/** The project that a listing is limited to. */
export const anyProjectFlag = {
  short: 'p',
  value: 'project',
  completes: 'project',
  summary: 'Name of the project; all unless given',
} as const satisfies FlagSpec;

export const projectFlag = {
  ...anyProjectFlag,
  required: true,
  summary: 'Name of the project',
} as const satisfies FlagSpec;

export const dryRunFlag = {
  summary: 'Check and show what would be sent, and change nothing',
} as const satisfies FlagSpec;

export const stageFlag = {
  value: 'stage',
  completes: 'stage',
  summary: 'Name of the stage',
} as const satisfies FlagSpec;

export const serviceFlag = {
  value: 'service',
  completes: 'service',
  summary: 'Name of the service',
} as const satisfies FlagSpec;

/** What resources belong to: a project, one of its stages, or a service in a stage. */
export const scopeFlags = {
  project: projectFlag,
  stage: { ...stageFlag, short: 's', summary: 'Name of the stage; without it, resources of the project' },
  service: { ...serviceFlag, summary: 'Name of the service; without it, resources of the stage or project' },
} as const satisfies Record<string, FlagSpec>;

/** Why a resource is changed. */
export const messageFlag = {
  short: 'm',
  value: 'text',
  summary: 'Why, for the history; as the message of the commit',
} as const satisfies FlagSpec;

const STANDARD_LIMIT = 20;

/** How many entries of a history are shown. */
export const limitFlag = {
  value: 'number',
  summary: `How many to show; ${STANDARD_LIMIT} unless given`,
} as const satisfies FlagSpec;

/** @throws UsageFailure */
export function limitOf(limit: string | undefined): number {
  const count = Number(limit ?? STANDARD_LIMIT);
  if (!Number.isSafeInteger(count) || count < 1) throw new UsageFailure('--limit must be a number from 1');
  return count;
}
