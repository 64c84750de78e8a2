import { z } from 'zod';
import { given } from '../contract/given';
import { integerParameter } from '../contract/integer-parameter';
import { route } from '../contract/route';

const tag = 'Audit';
const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;

/** Characters of a text of an entry, and of a name in its target. What is longer is cut by whoever makes the entry. */
export const AUDIT_LIMITS = { text: 1_024, target: 4_096 } as const;

/** Entries that services send together. */
const MOST_ENTRIES = 500;

const time = z.iso.datetime().meta({ example: '2026-01-31T10:15:30.123Z' });
const text = (description: string, example: string) => z.string().max(AUDIT_LIMITS.text).meta({ description, example });

const auditOutcome = z.enum(['begun', 'done', 'refused', 'failed']).meta({
  description:
    'begun: the change was permitted, and nobody knows what became of it, since the service ended in the middle; done: it was made; ' +
    'refused: it was not, because of what was asked or who asked; failed: an error of the control plane',
});

const result = {
  outcome: auditOutcome,
  status: z.int().optional().meta({ description: 'HTTP status of the answer; absent while begun', example: 200 }),
  version: text(
    'Of the resource that was written: its commit, whose parent is the version before',
    '4b825dc6',
  ).optional(),
  project: text('Project that it was about, where one is known', 'sockshop').optional(),
};

const auditEntry = z
  .object({
    id: z.string().max(AUDIT_LIMITS.text).meta({ example: '0a1c2f0e-1f8e-4c62-9d36-0d5b3f0a9d11' }),
    time,
    actor: z
      .object({
        kind: z.enum(['shared', 'token', 'person', 'workload', 'service', 'unknown']).meta({
          description: 'unknown: whoever shows a wrong token',
        }),
        name: text('Name of the token or the person', 'ci-sockshop'),
        id: text('Id of the token, or subject of the person', '0a1c2f0e-1f8e-4c62-9d36-0d5b3f0a9d11'),
      })
      .meta({ id: 'AuditActor' }),
    address: text('Network address of the client', '192.0.2.1').optional(),
    service: text('Service that was asked', 'configuration-service'),
    action: text('Operation, as its OpenAPI document has it', 'DELETE /v1/project/{project}'),
    target: z.record(z.string(), z.string().max(AUDIT_LIMITS.target)).meta({
      description: 'The names in its path',
      example: { project: 'sockshop' },
    }),
    requestId: text('`X-Request-Id` of the answer, which the logs have as well', '7f3a'),
    ...result,
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof auditEntry>;
export type AuditOutcome = z.infer<typeof auditOutcome>;

const auditResult = z.object({ id: z.string().max(AUDIT_LIMITS.text), ...result }).meta({ id: 'AuditResult' });
export type AuditResult = z.infer<typeof auditResult>;

const pageKey = z
  .string()
  .regex(/^\d{4}-[\dT:.-]+Z_[\w.:-]{1,128}$/, '{field} must be the nextPageKey of the page before');

const filter = {
  actor: text('Only of this name', 'ci-sockshop').optional(),
  project: text('Only about this project', 'sockshop').optional(),
  action: text('Only this operation', 'DELETE /v1/project/{project}').optional(),
  outcome: auditOutcome.optional(),
  requestId: text('Only of this request', '7f3a').optional(),
  fromTime: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'Not earlier', example: '2026-01-31T10:15:30Z' }),
  beforeTime: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'Earlier', example: '2026-02-28T10:15:30Z' }),
};

export const listAudit = route({
  method: 'GET',
  path: '/v1/audit',
  scope: 'audit:read',
  keepsToProjects: true,
  tag,
  summary: 'Read the audit log, newest entry first',
  description:
    'Who changed what, from where, and with which outcome; and who was refused. All given filters must hold. Pages neither skip nor repeat an ' +
    'entry. With `Accept: application/x-ndjson` everything that matches comes in one answer, one entry a line.',
  query: z.object({
    ...filter,
    pageSize: integerParameter(1, MAX_PAGE_SIZE)
      .optional()
      .transform((size) => size ?? DEFAULT_PAGE_SIZE)
      .meta({ type: 'integer', description: `Entries on a page; ${DEFAULT_PAGE_SIZE} when absent`, example: 20 }),
    nextPageKey: given(pageKey.meta({ description: 'The `nextPageKey` of the page before' })),
  }),
  answers: {
    200: {
      description: 'One page',
      body: z
        .object({
          entries: z.array(auditEntry),
          nextPageKey: z.string().optional().meta({ description: 'Absent on the last page' }),
        })
        .meta({ id: 'AuditPage' }),
    },
  },
  alsoAsLines: true,
  errors: ['INVALID_REQUEST', 'DATABASE_UNAVAILABLE'],
});

export const recordAudit = route({
  method: 'POST',
  path: '/v1/audit',
  scope: 'service',
  tag,
  summary: 'Record what is about to be changed, or was refused',
  description:
    'Answers once the entries are durable. There is no way to change or remove one; they end by their age alone.',
  isInternal: true,
  isUnaudited: true,
  body: z.object({ entries: z.array(auditEntry).max(MOST_ENTRIES) }).meta({ id: 'AuditEntries' }),
  answers: { 204: { description: 'The entries are durable' } },
  errors: ['DATABASE_UNAVAILABLE'],
});

export const completeAudit = route({
  method: 'POST',
  path: '/v1/audit/result',
  scope: 'service',
  tag,
  summary: 'Record what became of changes that were begun',
  description: 'Each entry gets a result once.',
  isInternal: true,
  isUnaudited: true,
  body: z.object({ results: z.array(auditResult).max(MOST_ENTRIES) }).meta({ id: 'AuditResults' }),
  answers: { 204: { description: 'The results are durable' } },
  errors: ['DATABASE_UNAVAILABLE'],
});
