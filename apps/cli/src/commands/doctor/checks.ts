import { statSync } from 'node:fs';
import { isOnThisMachine } from '../../api/this-machine';
import { type Server, type Session } from '../../command-line/session';
import { type ActiveContext } from '../../contexts/active-context';
import { type ExitCode } from '../../failures/exit-code';
import { Failure, reasonOf } from '../../failures/failure';
import { Refusal } from '../../failures/refusal';
import { CLI_VERSION } from '../../version';

export interface Check {
  readonly name: string;
  readonly verdict: 'ok' | 'warning' | 'failed';
  readonly finding: string;
  readonly fix?: string | undefined;
  /** What the command ends with when this is the first check that fails. */
  readonly exit?: ExitCode;
}

/** The API that this command is made for. */
const API = /^0\.7\./;

/** Events are shown by time: more than this many seconds apart, and their order surprises. */
const CLOCK_TOLERANCE_S = 5;

const OTHERS_MAY_READ = 0o077;

/** Each check that makes sense after those before it. */
export async function checkAll(session: Session): Promise<Check[]> {
  const context = session.findContext();
  if (context === undefined) {
    return [
      {
        name: 'credentials',
        verdict: 'failed',
        finding: 'there are none',
        fix: 'Authenticate with "keptn auth", or set KEPTN_ENDPOINT and KEPTN_API_TOKEN.',
        exit: 'notAuthenticated',
      },
    ];
  }
  const server = await session.connectTo(context);
  const checks = [credentials(context, session.contexts.path), transport(context, session)];
  const endpoint = await attempt('endpoint', () => reach(server));
  checks.push(endpoint.check);
  if (endpoint.result === undefined) {
    return checks;
  }
  checks.push(clock(endpoint.result));
  const token = await attempt('API token', async () => {
    await server.controlPlane.authenticate();
    return ['accepted', true];
  });
  checks.push(token.check);
  if (token.result === undefined) {
    return checks;
  }
  return [...checks, await versions(server), ...(await Promise.all(services(server))), await upstreams(server)];
}

function credentials({ endpoint, origin }: ActiveContext, file: string): Check {
  const check = { name: 'credentials', finding: `${endpoint}, from ${origin}` } as const;
  if (origin.startsWith('context') && (statSync(file).mode & OTHERS_MAY_READ) !== 0) {
    return {
      ...check,
      verdict: 'warning',
      finding: `others can read ${file}`,
      fix: `Run: chmod 600 ${file}`,
    };
  }
  return { ...check, verdict: 'ok' };
}

function transport({ endpoint, insecure = false }: ActiveContext, { options }: Session): Check {
  const isLocal = endpoint.startsWith('http:') && isOnThisMachine(endpoint);
  if (endpoint.startsWith('http:') && !isLocal) {
    return {
      name: 'transport',
      verdict: 'warning',
      finding: 'the API token is sent unencrypted',
      fix: 'Use an https endpoint.',
    };
  }
  return insecure || options.insecure
    ? {
        name: 'transport',
        verdict: 'warning',
        finding: 'the certificate of the server is not verified',
        fix: 'Authenticate again without --insecure, and with --ca-file if the certificate authority is your own.',
      }
    : { name: 'transport', verdict: 'ok', finding: isLocal ? 'on this machine' : 'encrypted and verified' };
}

/** Any answer will do, even a refusal: its Date is what counts. */
async function reach({ client, endpoint }: Server): Promise<[string, { local: number; remote: string | undefined }]> {
  const startedAt = Date.now();
  try {
    const { headers } = await client.send({ method: 'GET', path: '/v1/metadata' });
    return [`${endpoint} answers in ${Date.now() - startedAt} ms`, { local: Date.now(), remote: headers.date }];
  } catch (error) {
    if (error instanceof Refusal && error.exit === 'notAuthenticated') {
      return [`${endpoint} answers in ${Date.now() - startedAt} ms`, { local: Date.now(), remote: undefined }];
    }
    throw error;
  }
}

function clock({ local, remote }: { local: number; remote: string | undefined }): Check {
  if (remote === undefined) {
    return { name: 'clock', verdict: 'warning', finding: 'the server does not say what time it is' };
  }
  const apart = Math.round((local - Date.parse(remote)) / 1000);
  return Math.abs(apart) > CLOCK_TOLERANCE_S
    ? {
        name: 'clock',
        verdict: 'warning',
        finding: `this machine is ${Math.abs(apart)} seconds ${apart < 0 ? 'behind' : 'ahead of'} the server`,
        fix: 'Synchronize the clocks (NTP): events are ordered by time.',
      }
    : { name: 'clock', verdict: 'ok', finding: `within ${CLOCK_TOLERANCE_S} seconds of the server` };
}

async function versions({ controlPlane }: Server): Promise<Check> {
  const { keptnversion = 'unknown' } = await controlPlane.metadata();
  const finding = `command ${CLI_VERSION}, API ${keptnversion}`;
  return API.test(keptnversion)
    ? { name: 'versions', verdict: 'ok', finding }
    : { name: 'versions', verdict: 'warning', finding, fix: 'This command is made for the API of Keptn 0.7.' };
}

const services = ({ client }: Server): Promise<Check>[] =>
  [
    { name: 'configuration-service', path: '/configuration-service/v1/project?pageSize=1' },
    { name: 'mongodb-datastore', path: '/mongodb-datastore/event?pageSize=1' },
  ].map(async ({ name, path }) => {
    const { check } = await attempt(name, async () => {
      await client.send({ method: 'GET', path });
      return ['answers', true];
    });
    return check;
  });

/** Commits that stay here are lost with this server, so people should know. */
async function upstreams({ configuration }: Server): Promise<Check> {
  const name = 'upstream repositories';
  const { check, result: projects = [] } = await attempt(name, async () => {
    const all = await configuration.projects();
    return [
      `${all.filter(({ gitRemoteURI = '' }) => gitRemoteURI !== '').length} of ${all.length} projects have one`,
      all,
    ];
  });
  const failing = projects.filter(({ upstream }) => upstream?.failingSince !== undefined);
  return failing.length === 0
    ? check
    : {
        name,
        verdict: 'warning',
        finding: failing.map(({ projectName, upstream }) => `${projectName}: ${upstream?.lastError ?? ''}`).join('; '),
        fix: 'Changes stay here until the upstream accepts them: correct its rules, or the credentials with "keptn update project".',
      };
}

async function attempt<Result>(
  name: string,
  work: () => Promise<[finding: string, result: Result]>,
): Promise<{ check: Check; result?: Result }> {
  try {
    const [finding, result] = await work();
    return { check: { name, verdict: 'ok', finding }, result };
  } catch (error) {
    const failure = error instanceof Failure ? error : new Failure('failed', reasonOf(error));
    if (failure.exit === 'interrupted') {
      throw failure;
    }
    return {
      check: { name, verdict: 'failed', finding: failure.message, fix: failure.hint, exit: failure.exit },
    };
  }
}
