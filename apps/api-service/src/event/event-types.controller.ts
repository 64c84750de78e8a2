import { type AnswerOf, api, type EventType } from '@keptn/api-models';
import { keptnEventData } from '@keptn/event-models';
import { Route } from '@keptn/service-kit';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { RESERVED_TYPES } from './reserved-types';

const { listEventTypes } = api;

/** Schemas that have a name in the OpenAPI documents come as a reference to themselves. */
function dataSchemaOf(schema: z.ZodType): EventType['dataSchema'] {
  const { $defs = {}, ...root } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return { ...root, ...$defs[root.$ref?.split('/').at(-1) ?? ''], $ref: undefined };
}

const eventTypes = Object.entries<z.ZodType>(keptnEventData)
  .filter(([type]) => !RESERVED_TYPES.has(type))
  .map(([type, schema]): EventType => {
    const { description = '', example } = schema.meta() ?? {};
    return { type, description, dataSchema: dataSchemaOf(schema), exampleData: { ...(example as object) } };
  })
  .sort((one, other) => (one.type < other.type ? -1 : 1));

@Controller()
export class EventTypesController {
  @Route(listEventTypes)
  list(): AnswerOf<typeof listEventTypes> {
    return { eventTypes };
  }
}
