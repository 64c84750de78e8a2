import { createHash } from 'node:crypto';
import { type Caller, type EventContext } from '@keptn/api-models';
import {
  type EventHeaders,
  fromRequest,
  InvalidEvent,
  isJsonObject,
  type JsonObject,
  type KeptnEvent,
  stringifyJson,
  toWire,
} from '@keptn/event-models';
import { ServiceError } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { API_SOURCE, EventLogClient } from '../control-plane/event-log.client';
import { EventNotFound, IdempotencyKeyReused, ReservedEventType, UnacceptableEvent } from './event.errors';
import { RESERVED_TYPES } from './reserved-types';
import { projectOfEvent, SenderRights } from './sender-rights';
import { type Identity, newIdentity, publicEvent, repeatedIdentity, type SentEvent } from './public-event';

/** A request with events. */
export interface SentRequest {
  readonly headers: EventHeaders;
  /** As JSON. */
  readonly body: unknown;
  readonly caller: Caller;
  /** A request that is repeated with the same key counts once. */
  readonly idempotencyKey?: string | undefined;
}

/** Of each event of a batch: where it is found, or why it is not stored. */
export type BatchOutcome = readonly (EventContext | ServiceError)[];

const READ_OPTIONS = { data: 'object', defaultSource: API_SOURCE } as const;

@Injectable()
export class EventService {
  constructor(
    private readonly eventLog: EventLogClient,
    private readonly rights: SenderRights,
  ) {}

  /**
   * Stores the events of a request (contract 3.1), each with a new id and the time of arrival.
   *
   * @returns for a batch the outcome of each of its events
   * @throws UnacceptableEvent, ReservedEventType, IdempotencyKeyReused, NotPermitted
   */
  async send({ headers, body, caller, idempotencyKey: key }: SentRequest): Promise<EventContext | BatchOutcome> {
    const posted = readEvents(headers, body);
    const idempotencyKey = key === undefined ? undefined : keyOf(caller, key);
    if (posted.kind === 'one') {
      const event = accepted(posted.event);
      await this.rights.require(caller, event);
      const [identity = newIdentity()] = await this.identitiesOf([event], idempotencyKey);
      return this.eventLog.append(publicEvent(event, identity));
    }
    const events = await Promise.all(posted.events.map((event) => this.acceptedOrRefused(event, caller)));
    const identities = await this.identitiesOf(posted.events, idempotencyKey);
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

  /** @returns none without a key: each event then gets a new one */
  private async identitiesOf(events: readonly (KeptnEvent | InvalidEvent)[], key?: string): Promise<Identity[]> {
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

/** Keys of one caller say nothing about those of another. Requests with the shared token have one list of keys, as they always had. */
const keyOf = (caller: Caller, key: string): string =>
  caller.isNamed
    ? createHash('sha256')
        .update(JSON.stringify([caller.id, key]))
        .digest('hex')
    : key;

/** The same for the same events, in whichever form they came. */
function fingerprintOf(events: readonly (KeptnEvent | InvalidEvent)[]): string {
  const contents = events.map((event) => (event instanceof InvalidEvent ? event.message : toWire(event)));
  return createHash('sha256').update(stringifyJson(contents)).digest('hex');
}
