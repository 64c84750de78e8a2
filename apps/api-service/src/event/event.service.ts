import { type EventContext } from '@keptn/api-models';
import { fromStructured, InvalidEvent, isJsonObject, type JsonObject } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { API_SOURCE, EventLogClient } from '../control-plane/event-log.client';
import { EventNotFound, ReservedEventType, UnacceptableEvent } from './event.errors';

/** Types that tell of a change which this API makes itself, and the route that makes it. */
const RESERVED_TYPES: ReadonlyMap<string, string> = new Map([
  ['sh.keptn.internal.event.project.create', 'POST /v1/project'],
  ['sh.keptn.internal.event.project.delete', 'DELETE /v1/project/{projectName}'],
  ['sh.keptn.internal.event.service.create', 'POST /v1/project/{projectName}/service'],
  ['sh.keptn.internal.event.service.delete', 'DELETE /v1/project/{projectName}/service/{serviceName}'],
]);

@Injectable()
export class EventService {
  constructor(private readonly eventLog: EventLogClient) {}

  /**
   * Stores an event that a client sends (contract 3.1). Its id and time are kept when given.
   *
   * @param body a structured CloudEvent
   * @throws UnacceptableEvent, ReservedEventType
   */
  send(body: unknown): Promise<EventContext> {
    const event = readEvent(body);
    const route = RESERVED_TYPES.get(event.type);
    if (route !== undefined) {
      throw new ReservedEventType(event.type, route);
    }
    return this.eventLog.append(event);
  }

  /** @throws EventNotFound */
  async latest(keptnContext: string, type: string): Promise<JsonObject> {
    const event = await this.eventLog.latest(keptnContext, type);
    if (event === undefined) {
      throw new EventNotFound(type, keptnContext);
    }
    return event;
  }
}

const readEvent = (body: unknown) => {
  try {
    const event = fromStructured(body, { data: 'object', defaultSource: API_SOURCE });
    return { ...event, data: isJsonObject(event.data) ? event.data : {} };
  } catch (error) {
    throw error instanceof InvalidEvent ? new UnacceptableEvent(error.message, { cause: error }) : error;
  }
};
