import { z } from 'zod';
import { isExactNumber, type JsonNumber } from '../json/json-value';

/** Text that may be absent, `null` or empty: Go's senders write all three. */
export const text = (description: string, example?: string) =>
  z
    .string()
    .nullish()
    .meta({ description, ...(example === undefined ? {} : { example }) });

// An unknown with a check, since a custom type has no form in OpenAPI.
const jsonNumber = z
  .unknown()
  .refine((value) => typeof value === 'number' || isExactNumber(value), 'must be a number') as z.ZodType<JsonNumber>;

/** A number as `parseJson` reads it. */
export const number = (description: string, example: number) =>
  jsonNumber.nullish().meta({ description, example, type: 'number' });

export const flag = (description: string) => z.boolean().nullish().meta({ description });

/** A list that may be absent or `null`. */
export const list = <Item extends z.ZodType>(item: Item, description: string) =>
  z.array(item).nullish().meta({ description });

/** An object with fields beside the named ones; it may be absent or `null`. */
export const part = <Shape extends z.ZodRawShape>(shape: Shape, description: string) =>
  z.looseObject(shape).nullish().meta({ description });

/** Any JSON under any key. */
export const anything = (description: string) => z.record(z.string(), z.unknown()).nullish().meta({ description });

/** What every event of Keptn may carry. */
export const commonFields = {
  project: text('Project that the event belongs to', 'sockshop'),
  stage: text('Stage; empty for the first one', 'staging'),
  service: text('Service', 'carts'),
  labels: z
    .record(z.string(), z.string())
    .nullish()
    .meta({ description: 'Labels', example: { buildId: '17' } }),
  eventContext: part(
    { keptnContext: text('Keptn context'), token: text('Ticket for the websocket; never served') },
    'Added to events that came through the API',
  ),
};

export const strategyFields = {
  teststrategy: text('Test strategy of the stage; `manual` for evaluations by hand', 'performance'),
  deploymentstrategy: text('Deployment strategy: direct, blue_green_service', 'blue_green_service'),
};

export const timeframeFields = {
  start: text('Start of the time frame, RFC 3339', '2020-11-23T10:10:00.000Z'),
  end: text('End of the time frame, RFC 3339', '2020-11-23T10:15:00.000Z'),
};

export const imageFields = {
  image: text('Image without tag', 'docker.io/keptnexamples/carts'),
  tag: text('Tag of the image', '0.11.1'),
};
