import { toRfc3339 } from '@keptn/event-models';
import { z } from 'zod';
import { given } from '../contract/given';
import { integerParameter } from '../contract/integer-parameter';

export const text = (description: string, example: string) =>
  given(z.string().max(1024).meta({ description, example }));

/** How many events an answer holds at most. */
export const pageSize = (maximum: number, standard: number) =>
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

export const pageKey = given(
  z.string().max(64).meta({
    description: 'The nextPageKey of the page before; absent, empty or 0 for the first page',
    example: '0',
  }),
);

/** Texts that the original reads as true; every other text is false (contract 3.0). */
const TRUE = new Set(['true', '1', 'yes', 'ok', 'y', 'on', 'selected', 'checked', 't', 'enabled']);

export const flag = (description: string) =>
  given(z.string())
    .transform((value) => value !== undefined && TRUE.has(value.toLowerCase()))
    .meta({ description, type: 'boolean', default: false, example: true });

/** A date-time, read as RFC 3339; the plus sign of an offset arrives as a blank unless the caller escaped it. */
export const time = (description: string) =>
  given(
    z
      .string()
      .transform((value) => toRfc3339(value.replace(/ (?=\d\d:\d\d$)/, '+')))
      .refine((instant) => instant !== undefined, {
        error: '{field} must be of type date-time, such as 2020-11-23T10:15:30.123Z',
      }),
  ).meta({ description, format: 'date-time', example: '2020-11-23T10:15:30.123Z' });

/** The longest long poll is shorter than the idle timeouts of common proxies. */
const LONGEST_DURATION_MS = 60_000;
const DURATION = /^\d{1,5}(?:ms|s|m)?$/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/** Read as milliseconds. */
const duration = (description: string) =>
  given(
    z
      .string()
      .refine((value) => DURATION.test(value), { error: '{field} must be a duration such as 30s', abort: true })
      .transform((value) => Number.parseInt(value, 10) * (UNIT_MS[value.replace(/\d+/, '')] ?? 1_000))
      .refine(
        (ms) => ms <= LONGEST_DURATION_MS,
        `{field} should be less than or equal to ${LONGEST_DURATION_MS / 1_000}s`,
      ),
  ).meta({ description, example: '30s' });

/** Of a long poll. */
export const wait = duration(
  'When nothing matches, wait up to this long (at most 60s) for a matching event before answering',
);

/** Of a stream. */
export const recent = duration(
  'Without an id, begin with the events that came in within this time (at most 60s, and 500 events)',
);

/** The filters that the list of events and the event stream share (contract 5.3). */
export const eventFilter = {
  keptnContext: text('Only events of this Keptn context', 'a3e5f16d-8888-4720-82c7-6995062905c1'),
  type: text('Only events of this type', 'sh.keptn.event.configuration.change'),
  source: text('Only events from this source', 'https://github.com/keptn/keptn/cli#configuration-change'),
  project: text('Only events with this data.project', 'sockshop'),
  stage: text('Only events with this data.stage', 'staging'),
  service: text('Only events with this data.service', 'carts'),
  eventID: text('Only events with this id', '6de83495-4f83-481c-8dbe-fcceb2e0243b'),
  fromTime: time('Only events later than this time'),
  beforeTime: time('Only events earlier than this time'),
};

export const order = given(
  z.enum(['newest', 'oldest'], { error: '{field} must be newest or oldest' }).meta({
    description: 'Which event comes first, by time and, at the same time, by the order of storing',
    example: 'oldest',
  }),
).transform((value): 'newest first' | 'oldest first' => (value === 'oldest' ? 'oldest first' : 'newest first'));
