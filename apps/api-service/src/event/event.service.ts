import { type Caller, type EventContext } from '@keptn/api-models';
import {
  type EventHeaders,
  fromRequest,
  InvalidEvent,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type KeptnEvent,
  toWire,
} from '@keptn/event-models';
import { ServiceError } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { API_SOURCE, EventLogClient } from '../control-plane/event-log.client';
import { type Sender, IdempotencyKeys } from '../idempotency/idempotency-keys';
import { EventNotFound, ReservedEventType, UnacceptableEvent } from './event.errors';
import { RESERVED_TYPES } from './reserved-types';
import { projectOfEvent, SenderRights } from './sender-rights';
import { publicEvent, type SentEvent } from './public-event';

/** A request with events. */
export interface SentRequest {
  readonly headers: EventHeaders;
  /** As JSON. */
  readonly body: unknown;
  readonly sender: Sender;
}

/** Of each event of a batch: where it is found, or why it is not stored. */
export type BatchOutcome = readonly (EventContext | ServiceError)[];

const READ_OPTIONS = { data: 'object', defaultSource: API_SOURCE } as const;

@Injectable()
export class EventService {
  constructor(
    private readonly eventLog: EventLogClient,
    private readonly rights: SenderRights,
    private readonly keys: IdempotencyKeys,
  ) {}

  /**
   * Stores the events of a request (contract 3.1), each with a new id and the time of arrival.
   *
   * @returns for a batch the outcome of each of its events
   * @throws UnacceptableEvent, ReservedEventType, IdempotencyKeyReused, NotPermitted
   */
  async send({ headers, body, sender }: SentRequest): Promise<EventContext | BatchOutcome> {
    const posted = readEvents(headers, body);
    const { caller } = sender;
    if (posted.kind === 'one') {
      const event = accepted(posted.event);
      await this.rights.require(caller, event);
      const identityOf = await this.keys.identitiesFor(sender, contentsOf([event]));
      return this.eventLog.append(publicEvent(event, identityOf(0)));
    }
    const events = await Promise.all(posted.events.map((event) => this.acceptedOrRefused(event, caller)));
    const identityOf = await this.keys.identitiesFor(sender, contentsOf(posted.events));
    return Promise.all(
      events.map(async (event, index) => {
        if (event instanceof ServiceError) return event;
        try {
          return await this.eventLog.append(publicEvent(event, identityOf(index)));
        } catch (error) {
          if (error instanceof ServiceError) return error;
          throw error;
        }
      }),
    );
  }

  /** @throws EventNotFound */
  async latest(keptnContext: string, type: string, caller: Caller): Promise<JsonObject> {
    const isVisible = (event: JsonObject): boolean => caller.may('event:read', projectOfEvent(event));
    const event = await this.eventLog.latest(keptnContext, type, isVisible);
    if (event === undefined) {
      throw new EventNotFound(type, keptnContext);
    }
    return event;
  }

  /** @throws ServiceError of 5xx when nobody can say whether the event may be sent */
  private async acceptedOrRefused(event: KeptnEvent | InvalidEvent, caller: Caller): Promise<SentEvent | ServiceError> {
    try {
      if (event instanceof InvalidEvent) return new UnacceptableEvent(event.message);
      const sent = accepted(event);
      await this.rights.require(caller, sent);
      return sent;
    } catch (error) {
      if (error instanceof ServiceError && error.status < 500) return error;
      throw error;
    }
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

/** The same for the same events, in whichever form they came. */
const contentsOf = (events: readonly (KeptnEvent | InvalidEvent)[]): JsonValue =>
  events.map((event) => (event instanceof InvalidEvent ? event.message : toWire(event)));
