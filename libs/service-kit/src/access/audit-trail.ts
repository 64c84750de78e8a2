import { randomUUID } from 'node:crypto';
import { AUDIT_LIMITS, type AuditEntry, type AuditOutcome, type AuditResult, type Caller } from '@keptn/api-models';
import { type FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyRequest } from 'fastify';
import { type Logger } from 'pino';
import { currentRequestContext, type RequestContext } from '../logging/request-context';
import { authenticationOf } from './authentication';
import { projectOf } from './permission';

/** Where changes are recorded. */
export interface AuditTrail {
  /** Resolves when the entry is durable. */
  begin(entry: AuditEntry): Promise<void>;
  /** Resolves when it is durable what became of the change. */
  end(result: AuditResult): Promise<void>;
}

/** What the trail is written with. */
export interface AuditParts {
  readonly service: string;
  readonly trail: AuditTrail;
  readonly logger: Logger;
}

interface Begun {
  readonly id: string;
  /** Learns on the way what is changed. */
  readonly context: RequestContext | undefined;
}

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Records each change that somebody makes through the gateway: durably before it begins, and what became of it before it is answered. A
 * crash in between leaves an entry that says that nobody knows; a change that cannot be recorded is not made.
 */
export function recordChanges(adapter: FastifyAdapter, { service, trail, logger }: AuditParts): void {
  const begun = new WeakMap<FastifyRequest, Begun>();
  const server = adapter.getInstance();
  server.addHook('preHandler', async (request) => {
    const actor = actorOf(request);
    if (actor === undefined || !isRecorded(request, actor)) return;
    const entry = entryOf(request, actor, service);
    await trail.begin(entry);
    begun.set(request, { id: entry.id, context: currentRequestContext() });
  });
  server.addHook('onSend', async (request, reply, payload) => {
    const change = begun.get(request);
    if (change === undefined) return payload;
    begun.delete(request);
    const { id, context: { changedProject: project, version } = {} } = change;
    const result: AuditResult = {
      ...{ id, outcome: outcomeOf(reply.statusCode), status: reply.statusCode },
      ...(project !== undefined && { project: cut(project) }),
      ...(version !== undefined && { version }),
    };
    await trail.end(result).catch((error: unknown) => {
      logger.error({ err: error, audit: result }, 'the result of a change is missing in the audit log');
    });
    return payload;
  });
}

/** Records that somebody was refused, before they are told. What cannot be recorded is refused all the same. */
export async function recordRefusal(request: FastifyRequest, { service, trail, logger }: AuditParts): Promise<void> {
  const actor = actorOf(request);
  if (actor === undefined) return;
  const entry = { ...entryOf(request, actor, service), outcome: 'refused', status: 403 } as const;
  await trail.begin(entry).catch((error: unknown) => {
    logger.error({ err: error, audit: entry }, 'a refusal is missing in the audit log');
  });
}

/** Undefined for what a service does for somebody, which is a part of a change that it has recorded itself. */
function actorOf(request: FastifyRequest): Caller | undefined {
  const { caller, actor } = authenticationOf(request) ?? {};
  return caller === actor ? actor : undefined;
}

function isRecorded({ method, routeOptions }: FastifyRequest, actor: Caller): boolean {
  const { contract } = routeOptions.config;
  if (contract === undefined || READING.has(method) || contract.isUnaudited === true) return false;
  return contract.isInEventLog !== true || actor.isNamed;
}

function entryOf(request: FastifyRequest, actor: Caller, service: string): AuditEntry {
  const { contract } = request.routeOptions.config;
  const { kind, name, id } = actor.description;
  const project = contract === undefined ? undefined : projectOf(contract, request);
  const address = request.headers['x-real-ip'] ?? request.ip;
  return {
    id: randomUUID(),
    time: new Date().toISOString(),
    actor: { kind, name: cut(name), id: cut(id) },
    ...(typeof address === 'string' && { address: cut(address) }),
    service,
    action: `${request.method} ${contract?.path ?? request.routeOptions.url ?? ''}`,
    target: targetOf(request),
    requestId: request.id,
    outcome: 'begun',
    ...(project !== undefined && { project: cut(project) }),
  };
}

/** What a caller chose is never a reason for the log to refuse the entry. */
const cut = (text: string): string => text.slice(0, AUDIT_LIMITS.text);

/** A wildcard has no name for the router. */
const targetOf = ({ params }: FastifyRequest): Record<string, string> =>
  Object.fromEntries(
    Object.entries(params as Readonly<Record<string, string>>).map(([name, value]) => [
      name === '*' ? 'path' : name,
      value.slice(0, AUDIT_LIMITS.target),
    ]),
  );

function outcomeOf(status: number): AuditOutcome {
  if (status < 400) return 'done';
  return status < 500 ? 'refused' : 'failed';
}
