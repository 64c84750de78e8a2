import { cloudEventAnswer } from '@keptn/event-models';
import { integerParameter } from '@keptn/service-kit';
import { z } from 'zod';
import { instantOf, type SortOrder } from '../log/position';

/** Empty parameters count as absent (contract 5.3). */
const given = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const text = (description: string, example: string) => given(z.string().max(1024).meta({ description, example }));

/** A page size as it comes in a query. */
export const pageSizeParameter = (maximum: number, standard: number) =>
  given(integerParameter(1, maximum))
    .transform((size) => size ?? standard)
    .meta({
      description: `How many events one answer holds at most, 1 to ${maximum}`,
      type: 'integer',
      minimum: 1,
      maximum,
      default: standard,
      example: 20,
    });

export const pageKeyParameter = given(
  z.string().max(64).meta({
    description: 'The nextPageKey of the page before; absent, empty or 0 for the first page',
    example: '0',
  }),
);

/** Texts that the original reads as true; every other text is false (contract 3.0). */
const TRUE = new Set(['true', '1', 'yes', 'ok', 'y', 'on', 'selected', 'checked', 't', 'enabled']);

export const flagParameter = (description: string) =>
  given(z.string())
    .transform((value) => value !== undefined && TRUE.has(value.toLowerCase()))
    .meta({ description, type: 'boolean', default: false, example: true });

/** A date-time in a query, where a plus sign of an offset arrives as a blank unless the caller escaped it. */
export const timeParameter = (description: string) =>
  given(
    z
      .string()
      .transform((value) => instantOf(value.replace(/ (?=\d\d:\d\d$)/, '+')))
      .refine((instant) => instant !== undefined, {
        error: '{field} must be of type date-time, such as 2020-11-23T10:15:30.123Z',
      }),
  ).meta({ description, format: 'date-time', example: '2020-11-23T10:15:30.123Z' });

/** Longest long poll: shorter than the idle timeouts of common proxies. */
export const LONGEST_WAIT_MS = 60_000;
const DURATION = /^\d{1,5}(?:ms|s|m)?$/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

export const waitParameter = given(
  z
    .string()
    .refine((value) => DURATION.test(value), { error: '{field} must be a duration such as 30s', abort: true })
    .transform((value) => Number.parseInt(value, 10) * (UNIT_MS[value.replace(/\d+/, '')] ?? 1_000))
    .refine((ms) => ms <= LONGEST_WAIT_MS, `{field} should be less than or equal to ${LONGEST_WAIT_MS / 1_000}s`),
).meta({
  description: 'When nothing matches, wait up to this long (at most 60s) for a matching event before answering',
  example: '30s',
});

/** The filters that GET /event and the event stream share (contract 5.3). */
export const eventFilterFields = {
  keptnContext: text('Only events of this Keptn context', 'a3e5f16d-8888-4720-82c7-6995062905c1'),
  type: text('Only events of this type', 'sh.keptn.event.configuration.change'),
  source: text('Only events from this source', 'https://github.com/keptn/keptn/cli#configuration-change'),
  project: text('Only events with this data.project', 'sockshop'),
  stage: text('Only events with this data.stage', 'staging'),
  service: text('Only events with this data.service', 'carts'),
  eventID: text('Only events with this id', '6de83495-4f83-481c-8dbe-fcceb2e0243b'),
  fromTime: timeParameter('Only events later than this time'),
  beforeTime: timeParameter('Only events earlier than this time'),
};

const orderParameter = given(
  z.enum(['newest', 'oldest'], { error: '{field} must be newest or oldest' }).meta({
    description: 'Which event comes first, by time and, at the same time, by the order of storing',
    example: 'oldest',
  }),
).transform((order): SortOrder => (order === 'oldest' ? 'oldest first' : 'newest first'));

export const eventQuery = z.object({
  ...eventFilterFields,
  order: orderParameter,
  root: flagParameter('Only the first event, by time, of each Keptn context'),
  pageSize: pageSizeParameter(100, 20),
  nextPageKey: pageKeyParameter,
  wait: waitParameter,
});

export type EventQuery = z.infer<typeof eventQuery>;

export const eventPath = z.object({
  id: z
    .string()
    .min(1)
    .max(512)
    .meta({ description: 'id of the event', example: '6de83495-4f83-481c-8dbe-fcceb2e0243b' }),
});

export const eventSourceQuery = z.object({
  source: text('Only the event from this source', 'https://github.com/keptn/keptn/cli#configuration-change'),
});

export const eventList = z
  .object({
    events: z.array(cloudEventAnswer),
    nextPageKey: z.string().optional().meta({
      description: 'Key of the next page; absent on the last one',
      example: '1637438649303300000000000000000000042',
    }),
    pageSize: z.int().meta({ description: 'The page size that was asked for', example: 20 }),
    totalCount: z.int().meta({ description: 'How many events match, on all pages', example: 57 }),
  })
  .meta({ id: 'Events', description: 'One page of events' });
