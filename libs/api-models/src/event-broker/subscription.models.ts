import { z } from 'zod';
import { withoutNulls } from '../contract/optional';
import { subscriptionFilters } from './filter';

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MOST_TYPES = 64;
const TYPE_LIMIT = 256;
const URL_LIMIT = 2_048;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/;
/** RFC 9110 section 5.5, without what is no ASCII. */
const HEADER_VALUE = /^[\x20-\x7e\t]{0,4096}$/;
const MOST_HEADERS = 32;

/** What the broker itself, or HTTP, says in a request. */
const RESERVED_HEADERS =
  /^(?:host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect|keep-alive|proxy-.*|content-type|ce-.*|webhook-.*|x-token)$/i;

export const subscriptionName = z
  .string()
  .regex(NAME, '{field} must have 1 to 63 lower-case letters, digits and inner hyphens')
  .meta({ description: 'Name of the subscription', example: 'slack-approvals' });

const sink = z
  .url({ protocol: /^(?:https?|command)$/, error: '{field} must be an http or https URL, or command:NAME' })
  .max(URL_LIMIT)
  .refine((url) => !/^https?:\/\/[^/?#\\]*@/i.test(url), {
    error: '{field} must not hold a user or password; give them in secretHeaders, as `Authorization`',
  })
  .meta({
    description:
      'URL that events are posted to; or `command:NAME` for a command that the operator has listed in `COMMANDS_FILE`',
    example: 'https://hooks.example.com/keptn',
  });

const types = z
  .array(z.string().min(1).max(TYPE_LIMIT))
  .max(MOST_TYPES)
  .meta({
    description:
      'Event types, of which one must match; all events when empty. An exact type, a pattern of tokens with `*` for one and `>` ' +
      'for one or more at the end, or a beginning such as `sh.keptn.events*`.',
    example: ['sh.keptn.event.approval.>'],
  });

const headerMap = z
  .record(
    z
      .string()
      .regex(HEADER_NAME)
      .refine((name) => !RESERVED_HEADERS.test(name)),
    z.string().regex(HEADER_VALUE),
  )
  .refine((map) => Object.keys(map).length <= MOST_HEADERS, `{field} must name at most ${MOST_HEADERS} headers`);

const milliseconds = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum);

/** In characters. */
const TEMPLATE_LIMIT = 16_384;
const PATH_TEMPLATE_LIMIT = 2_048;

/** A request that is made from an event, for receivers that know no CloudEvents. */
const requestTemplate = z
  .strictObject({
    body: z
      .string()
      .max(TEMPLATE_LIMIT)
      .meta({
        description:
          'Liquid template of the body, with the attributes of the event, and its data as `data`. What it puts in is escaped for ' +
          'the content type; `| json` puts in any value as JSON.',
        example: '{"text": "{{ data.service }} waits for an approval in {{ data.stage }}"}',
      }),
    contentType: z
      .enum(['application/json', 'application/x-www-form-urlencoded', 'text/plain'])
      .default('application/json')
      .meta({ description: 'Content type of the body' }),
    path: z.string().max(PATH_TEMPLATE_LIMIT).regex(/^\//, '{field} must begin with /').optional().meta({
      description:
        'Liquid template of path and query, in place of those of the sink; what it puts in is percent-encoded',
      example: '/repos/keptn/keptn/statuses/{{ data.labels.commit }}',
    }),
  })
  .meta({ id: 'RequestTemplate' });
export type RequestTemplate = z.infer<typeof requestTemplate>;

/** How events are handed over, and how hard it is tried. */
export const protocolSettings = z
  .strictObject({
    mode: z.enum(['structured', 'binary', 'template']).default('structured').meta({
      description:
        'structured: the body is the CloudEvent; binary: its data, with the attributes as `ce-` headers; template: what `template` makes of it',
    }),
    template: requestTemplate.optional(),
    headers: headerMap.default({}).meta({ description: 'Headers of each request', example: { 'x-team': 'carts' } }),
    order: z.enum(['context', 'strict']).default('context').meta({
      description:
        'context: in order within a Keptn context, contexts side by side; strict: one after the other, in the order of the log',
    }),
    concurrency: z.int().min(1).max(64).default(8).meta({ description: 'Most requests at the same time' }),
    timeoutMs: milliseconds(100, 120_000)
      .default(30_000)
      .meta({ description: 'Milliseconds that a request may take, its answer included' }),
    maxAttempts: z.int().min(1).max(1_000).default(16).meta({
      description: 'Attempts after which an event becomes a dead letter; pauses grow to five minutes',
    }),
  })
  .refine(({ mode, template }) => (mode === 'template') === (template !== undefined), {
    error: '{field} must have a template where mode is template, and nowhere else',
  })
  .meta({ id: 'ProtocolSettings' });
export type ProtocolSettings = z.infer<typeof protocolSettings>;

const NO_SETTINGS: ProtocolSettings = {
  mode: 'structured',
  headers: {},
  order: 'context',
  concurrency: 8,
  timeoutMs: 30_000,
  maxAttempts: 16,
};

const from = z
  .union([
    z.enum(['end', 'beginning']),
    z.strictObject({ time: z.iso.datetime({ offset: true }) }),
    z.strictObject({ position: z.int().min(0) }),
  ])
  .meta({
    description:
      'Where a new subscription starts: behind the last event of the log, at the first, at the first that came in at a time, or ' +
      'behind a position',
    example: 'end',
  });
export type StartPosition = z.infer<typeof from>;

const secretHeaders = headerMap.optional().meta({
  description:
    'Headers whose values are never shown again, such as `authorization`. When an update leaves the field out, they stay as they are.',
});

const age = z
  .string()
  .regex(/^[1-9]\d{0,5}[smhd]$/, '{field} must be an age such as 7d, 12h, 30m or 60s')
  .meta({
    description: 'Events are not delivered when their time is longer ago; no limit when absent',
    example: '7d',
  });

const spec = {
  sink,
  types: types.default([]),
  filters: subscriptionFilters.default([]),
  imported: z.boolean().optional().meta({
    description: 'Whether events that came into the log by an import are delivered as well; they are history',
    example: false,
  }),
  maxAge: age.optional(),
  reportsOutcome: z
    .boolean()
    .optional()
    .meta({
      description:
        'Whether the end of each delivery is an event itself, `sh.keptn.internal.event.delivery.finished`, from which follows what an ' +
        'execution plane answers: deployment-finished, tests-finished or action.finished. An answer of 202 reports nothing: the ' +
        'receiver sends events of its own.',
      example: false,
    }),
  protocolSettings: protocolSettings.default(NO_SETTINGS),
};

/** What a subscription wants, and how it gets it. */
export type SubscriptionSpec = z.infer<z.ZodObject<typeof spec>>;

export const newSubscription = withoutNulls(
  z.strictObject({ name: subscriptionName, ...spec, secretHeaders, from: from.default('end') }).meta({
    id: 'NewSubscription',
    description: 'A field that is `null` counts as left out',
  }),
);
export type NewSubscription = z.infer<typeof newSubscription>;

export const subscriptionUpdate = withoutNulls(
  z.strictObject({ ...spec, secretHeaders }).meta({
    id: 'SubscriptionUpdate',
    description: 'A field that is `null` counts as left out',
  }),
);
export type SubscriptionUpdate = z.infer<typeof subscriptionUpdate>;

const time = z.iso.datetime().meta({ example: '2026-01-31T10:15:30.123Z' });

const edge = z.union([
  z.strictObject({ time: z.iso.datetime({ offset: true }) }),
  z.strictObject({ position: z.int().min(0) }),
]);

/** A part of the log that is to be delivered again. */
export const replaySpan = withoutNulls(
  z
    .strictObject({
      from: edge.meta({
        description: 'The events that came in at this time or later, or behind this position',
        example: { time: '2026-01-31T10:00:00Z' },
      }),
      to: edge.optional().meta({
        description:
          'Only those that came in before this time, or up to this position; up to now when absent or `null`',
        example: { time: '2026-01-31T11:00:00Z' },
      }),
    })
    .meta({ id: 'ReplaySpan' }),
);
export type ReplaySpan = z.infer<typeof replaySpan>;

const replayProgress = z
  .object({
    position: z.int().meta({ description: 'Sequence number up to which the log was looked at' }),
    until: z.int().meta({ description: 'Sequence number at which the replay ends' }),
  })
  .meta({ id: 'ReplayProgress' });

export const subscription = z
  .object({
    name: subscriptionName,
    ...spec,
    origin: z.enum(['declared', 'created']).meta({
      description: 'declared: by the deployment, and changed there; created: by a call of this API',
    }),
    state: z.enum(['active', 'paused', 'ended']).meta({
      description: 'ended: the receiver answered 410, which means that it wants no event any more',
    }),
    stateReason: z.string().optional().meta({ description: 'Why it is not active', example: 'paused by request' }),
    secretHeaderNames: z.array(z.string()).meta({ description: 'Names of the secret headers' }),
    position: z.int().meta({ description: 'Sequence number up to which the log was looked at' }),
    pending: z.int().meta({ description: 'Events up to the position that wait for another attempt' }),
    replay: replayProgress.optional().meta({ description: 'While a part of the log is delivered again' }),
    lag: z
      .int()
      .meta({ description: 'Sequence numbers between the oldest event that is not done and the end of the log' }),
    createdAt: time,
    updatedAt: time,
    lastSuccessAt: time.optional(),
    lastErrorAt: time.optional(),
    lastError: z.string().optional().meta({ description: 'What the last failed attempt failed of' }),
    failingSince: time.optional().meta({ description: 'Of the first failure since the last success' }),
  })
  .meta({ id: 'Subscription' });
export type Subscription = z.infer<typeof subscription>;

const signingSecret = z.string().meta({
  description:
    'Key of the signatures (Standard Webhooks, https://www.standardwebhooks.com). It is shown in this answer only',
  example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
});

export const createdSubscription = subscription.extend({ secret: signingSecret }).meta({ id: 'CreatedSubscription' });
export type CreatedSubscription = z.infer<typeof createdSubscription>;

export const rotatedSecret = z
  .object({
    secret: signingSecret,
    previousValidUntil: time.meta({ description: 'Until then requests are signed with the secret before as well' }),
  })
  .meta({ id: 'RotatedSecret' });
export type RotatedSecret = z.infer<typeof rotatedSecret>;
