import { type UpstreamState } from '@keptn/api-models';
import { projectName } from '@keptn/event-models';
import { SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { addWarning } from '../domain/warning-header';
import { type Settings } from '../settings';
import { ProjectUpstreams } from './project-upstreams';
import { type PushWait } from './upstream-workers';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The lowest status that is not a success. */
const FIRST_FAILURE = 300;

/** Milliseconds for the first news of a push: long enough for a server that refuses to be heard. */
const ASYNC_WAIT_MS = 1_000;
/** Milliseconds; longer than any push may take. */
const SYNC_WAIT_MS = 600_000;
/** Seconds that a caller can ask for; proxies end connections on which nothing happens. */
const LONGEST_WAIT = 60;

/** `wait=10` among the preferences of a request (RFC 7240, section 4.3). */
const WAIT_PREFERENCE = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=$|[,;])/i;

/**
 * Tells writers what became of their commits in the upstream repository. A write succeeds without it; when the upstream does
 * not get the commits, the answer has a `Warning`.
 */
@Injectable()
export class PushReports {
  private readonly defaultWait: PushWait;

  constructor(
    @Inject(SETTINGS) { UPSTREAM_PUSH }: Settings,
    private readonly upstreams: ProjectUpstreams,
  ) {
    this.defaultWait = { within: UPSTREAM_PUSH === 'sync' ? SYNC_WAIT_MS : ASYNC_WAIT_MS, retry: false };
  }

  /** Has the answers to successful writes wait for the push of their commits, as long as the caller or the settings say. */
  addTo(app: NestFastifyApplication): void {
    const server = app.getHttpAdapter().getInstance();
    server.addHook('onSend', (request, reply, _payload, done) => {
      if (READING.has(request.method) || reply.statusCode >= FIRST_FAILURE) done();
      else
        this.report(request, reply).then(() => {
          done();
        }, done);
    });
  }

  private async report({ params, body, headers }: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { project = (body as { projectName?: unknown } | undefined)?.projectName } = params as { project?: unknown };
    const name = projectName.safeParse(project);
    if (!name.success) return;
    const seconds = preferredWait(headers['prefer']);
    const wait = seconds === undefined ? this.defaultWait : { within: seconds * 1_000, retry: true };
    const state = await this.upstreams.pushed(name.data, wait);
    if (seconds !== undefined) void reply.header('Preference-Applied', `wait=${seconds}`);
    const warning = state && warningOf(state, wait);
    if (warning !== undefined) addWarning(reply, warning);
  }
}

/** In seconds; undefined when the caller has no preference. */
function preferredWait(prefer: string | string[] | undefined): number | undefined {
  const seconds = WAIT_PREFERENCE.exec([prefer].flat().join(','))?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), LONGEST_WAIT);
}

function warningOf({ inSync, lastError, conflicts = [] }: UpstreamState, { retry }: PushWait): string | undefined {
  if (lastError !== undefined) {
    return `stored, but not in the upstream repository: ${lastError}`;
  }
  const [conflict] = conflicts;
  if (conflict !== undefined) {
    return `stored, but branch ${conflict.branch} conflicts with the upstream repository in ${conflict.paths.join(', ')}`;
  }
  return retry && !inSync ? 'stored, but not yet in the upstream repository' : undefined;
}
