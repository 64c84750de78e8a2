import { z } from 'zod';
import { toRfc3339 } from './event-time';
import { SPEC_VERSIONS } from './keptn-event';

/** Control characters and lone surrogates have no place in an attribute of a CloudEvent. */
const FORBIDDEN_CHARACTER = /[\p{Cc}\p{Cs}]/u;

/** How much of a wrong value is shown again, in characters. */
const ECHO_LIMIT = 64;

/** `1.0.2` and the like name a release of the text of the specification, not another format. */
const PATCH_RELEASE = /^(\d+\.\d+)\.\d+$/;

function attribute(name: string) {
  return z
    .string({
      error: (issue) =>
        issue.input === undefined || issue.input === null
          ? `${name} in body is required`
          : `${name} in body must be of type string`,
    })
    .refine((text) => !FORBIDDEN_CHARACTER.test(text), {
      error: `${name} in body must not contain control characters`,
    });
}

/** The version that a given `specversion` names, undefined when it names none that is known. */
export function specVersionOf(text: string) {
  const version = text.replace(PATCH_RELEASE, '$1');
  return version === '' ? '0.2' : SPEC_VERSIONS.find((known) => known === version);
}

const data = z
  .union(
    [z.looseObject({}), z.array(z.unknown()), z.string().min(1, 'data in body is required'), z.number(), z.boolean()],
    'data in body is required',
  )
  .meta({
    description: 'The payload; for the events of Keptn an object with project, stage, service, labels and more',
    example: { project: 'sockshop', stage: 'staging', service: 'carts' },
  });

const source = attribute('source').meta({
  description: 'URI reference of the sender; any other text is kept as it is',
  example: 'https://github.com/keptn/keptn/cli#configuration-change',
});

const time = attribute('time')
  .refine((text) => text === '' || toRfc3339(text) !== undefined, {
    error: (issue) =>
      `time in body must be of type date-time: ${JSON.stringify(String(issue.input).slice(0, ECHO_LIMIT))}`,
  })
  .meta({
    description:
      'When it happened, in RFC 3339; without a zone it is taken as UTC. ' +
      '0001-01-01T00:00:00.000Z, which Go clients send, means that it is not given',
    format: 'date-time',
    example: '2020-11-23T10:15:30.123Z',
  });

const type = attribute('type')
  .refine((text) => text !== '', { error: 'type: MUST be a non-empty string' })
  .meta({ description: 'Type of the event', example: 'sh.keptn.event.configuration.change' });

const specversion = attribute('specversion')
  .refine((text) => specVersionOf(text) !== undefined, {
    error: `specversion in body must be one of ${SPEC_VERSIONS.join(', ')}`,
  })
  .meta({ description: `Version of CloudEvents, ${SPEC_VERSIONS.join(', ')}; absent: 0.2`, example: '1.0' });

const optionalAttributes = {
  contenttype: attribute('contenttype').meta({
    description: 'Media type of the data, by its name in CloudEvents 0.2',
    example: 'application/json',
  }),
  datacontenttype: attribute('datacontenttype').meta({
    description: 'Media type of the data, by its name from CloudEvents 0.3 on',
    example: 'application/json',
  }),
  id: attribute('id').meta({
    description: 'Identifies the event among those of its source; one is made when absent',
    example: '6de83495-4f83-481c-8dbe-fcceb2e0243b',
  }),
  shkeptncontext: attribute('shkeptncontext').meta({
    description: 'Keptn context that the event belongs to; a text that is no UUID is turned into one, always the same',
    example: 'a3e5f16d-8888-4720-82c7-6995062905c1',
  }),
  specversion,
  triggeredid: attribute('triggeredid').meta({
    description: 'Id of the event that this one answers',
    example: 'c4d3a334-6cb9-4e8c-a372-7e0b45942f53',
  }),
} as const;

/**
 * The order of the fields is the order in which faults are reported: data, source, time, type, then the rest. Keptn 0.7
 * reports them so, and clients show the first.
 */
const shape = {
  data,
  source,
  time: time.nullish(),
  type,
  contenttype: optionalAttributes.contenttype.nullish(),
  datacontenttype: optionalAttributes.datacontenttype.nullish(),
  id: optionalAttributes.id.nullish(),
  shkeptncontext: optionalAttributes.shkeptncontext.nullish(),
  specversion: optionalAttributes.specversion.nullish(),
  triggeredid: optionalAttributes.triggeredid.nullish(),
};

const example = {
  specversion: '0.2',
  type: 'sh.keptn.event.configuration.change',
  source: 'https://github.com/keptn/keptn/cli#configuration-change',
  contenttype: 'application/json',
  shkeptncontext: 'a3e5f16d-8888-4720-82c7-6995062905c1',
  data: {
    project: 'sockshop',
    stage: '',
    service: 'carts',
    valuesCanary: { image: 'docker.io/keptnexamples/carts:0.11.1' },
  },
};

/** A structured CloudEvent in JSON as it is accepted; other attributes are kept. */
export const cloudEventBody = z.looseObject(shape).meta({
  id: 'KeptnContextExtendedCE',
  description: 'A CloudEvent in structured JSON, version 0.2, 0.3 or 1.0',
  example,
});

/** A structured CloudEvent in JSON as it is served: the version that was sent, plus the names of 0.2. */
export const cloudEventAnswer = z
  .looseObject({
    ...shape,
    data: data.optional(),
    id: optionalAttributes.id,
    specversion: optionalAttributes.specversion,
  })
  .meta({
    id: 'CloudEvent',
    description:
      'A stored CloudEvent, in the version that was sent, plus the names that clients of CloudEvents 0.2 read',
    example: { ...example, id: '6de83495-4f83-481c-8dbe-fcceb2e0243b', time: '2020-11-23T10:15:30.123Z' },
  });

/** Attributes that may be left out when the reader says so; see `EventReadOptions.optional`. */
const lenientFields = { data: z.unknown().optional(), source: source.nullish(), type: attribute('type').nullish() };
export type RequiredAttribute = keyof typeof lenientFields;

const lenientBodies = new Map<string, z.ZodType>();

/** The schema of an event of which the named attributes may be absent or empty; made once for each set of names. */
export function cloudEventBodyWithout(optional: readonly RequiredAttribute[]): z.ZodType {
  const key = [...optional].sort().join();
  const known = lenientBodies.get(key);
  if (known !== undefined) return known;
  const overridden = Object.fromEntries(optional.map((name) => [name, lenientFields[name]]));
  const schema = z.looseObject({ ...shape, ...overridden });
  lenientBodies.set(key, schema);
  return schema;
}
