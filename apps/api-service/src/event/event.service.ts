import { createHash } from 'node:crypto';
import { type EventContext } from '@keptn/api-models';
import {
  type EventHeaders,
  fromRequest,
  InvalidEvent,
  isJsonObject,
  type JsonObject,
  type KeptnEvent,
  KeptnEventType,
  stringifyJson,
  toWire,
} from '@keptn/event-models';
import { ServiceError } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { API_SOURCE, EventLogClient } from '../control-plane/event-log.client';
import { EventNotFound, IdempotencyKeyReused, ReservedEventType, UnacceptableEvent } from './event.errors';
import { type Identity, newIdentity, publicEvent, repeatedIdentity, type SentEvent } from './public-event';

/** Types that tell of a change which this API makes itself, and the route that makes it. */
const RESERVED_TYPES: ReadonlyMap<string, string> = new Map([
  [KeptnEventType.projectCreate, 'POST /v1/project'],
  [KeptnEventType.projectDelete, 'DELETE /v1/project/{project}'],
  [KeptnEventType.serviceCreate, 'POST /v1/project/{project}/service'],
  [KeptnEventType.serviceDelete, 'DELETE /v1/project/{project}/service/{service}'],
]);

/** Of each event of a batch: where it is found, or why it is not stored. */
export type BatchOutcome = readonly (EventContext | ServiceError)[];

const READ_OPTIONS = { data: 'object', defaultSource: API_SOURCE } as const;

@Injectable()
export class EventService {
  constructor(private readonly eventLog: EventLogClient) {}

  /**
   * Stores the events of a request (contract 3.1), each with a new id and the time of arrival.
   *
   * @param body of the request, as JSON
   * @param idempotencyKey a request that is repeated with the same key counts once
   * @returns for a batch the outcome of each of its events
   * @throws UnacceptableEvent, ReservedEventType, IdempotencyKeyReused
   */
  async send(headers: EventHeaders, body: unknown, idempotencyKey?: string): Promise<EventContext | BatchOutcome> {
    const posted = readEvents(headers, body);
    if (posted.kind === 'one') {
      const event = accepted(posted.event);
      const [identity = newIdentity()] = await this.identitiesOf([event], idempotencyKey);
      return this.eventLog.append(publicEvent(event, identity));
    }
    const events = posted.events.map(acceptedOrRefused);
    const identities = await this.identitiesOf(events, idempotencyKey);
    return Promise.all(
      events.map(async (event, index) => {
        if (event instanceof ServiceError) return event;
        try {
          return await this.eventLog.append(publicEvent(event, identities[index] ?? newIdentity()));
        } catch (error) {
          if (error instanceof ServiceError) return error;
          throw error;
        }
      }),
    );
  }

  /** @throws EventNotFound */
  async latest(keptnContext: string, type: string): Promise<JsonObject> {
    const event = await this.eventLog.latest(keptnContext, type);
    if (event === undefined) {
      throw new EventNotFound(type, keptnContext);
    }
    return event;
  }

  /** @returns none without a key: each event then gets a new one */
  private async identitiesOf(events: readonly (SentEvent | ServiceError)[], key?: string): Promise<Identity[]> {
    if (key === undefined) return [];
    const fingerprint = fingerprintOf(events);
    const firstUse = await this.eventLog.firstUseOf(key, fingerprint);
    if (firstUse.fingerprint !== fingerprint) throw new IdempotencyKeyReused();
    return events.map((_event, index) => repeatedIdentity(firstUse, index));
  }
}

const readEvents = (headers: EventHeaders, body: unknown) => {
  try {
    return fromRequest(headers, body, READ_OPTIONS);
  } catch (error) {
    throw error instanceof InvalidEvent ? new UnacceptableEvent(error.message, { cause: error }) : error;
  }
};

/** @throws ReservedEventType */
function accepted(event: KeptnEvent): SentEvent {
  const route = RESERVED_TYPES.get(event.type);
  if (route !== undefined) throw new ReservedEventType(event.type, route);
  return { ...event, data: isJsonObject(event.data) ? event.data : {} };
}

function acceptedOrRefused(event: KeptnEvent | InvalidEvent): SentEvent | ServiceError {
  try {
    return event instanceof InvalidEvent ? new UnacceptableEvent(event.message) : accepted(event);
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
}

/** The same for the same events, in whichever form they came. */
function fingerprintOf(events: readonly (SentEvent | ServiceError)[]): string {
  const contents = events.map((event) => (event instanceof ServiceError ? event.message : toWire(event)));
  return createHash('sha256').update(stringifyJson(contents)).digest('hex');
}
