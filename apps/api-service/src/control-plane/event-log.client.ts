import { randomUUID } from 'node:crypto';
import { type ChannelTickets } from '@keptn/auth';
import {
  type EventContext,
  isJsonObject,
  type JsonObject,
  type KeptnContext,
  type KeptnEvent,
  parseJson,
  stringifyJson,
  toKeptnContext,
  toWire,
} from '@keptn/event-models';
import { BadGateway, noteKeptnContext, ServiceClient } from '@keptn/service-kit';
import { type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';

/** The source of events that this service sends of itself (contract 3.0). */
export const API_SOURCE = 'https://github.com/keptn/keptn/api';

/** Events of Keptn carry an object; only into one can `eventContext` be written. */
export interface EventWithObject extends Omit<KeptnEvent, 'data'> {
  readonly data: JsonObject;
}

const appended = z.looseObject({ shkeptncontext: z.string() });
const page = z.looseObject({ events: z.array(z.custom<JsonObject>(isJsonObject)) });

/** What this service asks of mongodb-datastore. */
export class EventLogClient implements OnApplicationShutdown {
  private readonly client: ServiceClient;

  constructor(
    url: string,
    token: string,
    private readonly tickets: ChannelTickets,
  ) {
    this.client = new ServiceClient({ name: 'mongodb-datastore', url, token, parseJson });
  }

  /**
   * Stores an event durably, in the Keptn context that it names or in a new one, and with `data.eventContext` set to the
   * answer. An event whose source and id are stored already is not stored again; the answer is that of the first time.
   *
   * @param event its data must be an object
   * @returns the context, and a ticket for the context's websocket channel
   */
  async append(event: EventWithObject): Promise<EventContext> {
    const keptnContext = toKeptnContext(event.shkeptncontext);
    noteKeptnContext(keptnContext);
    const eventContext = { keptnContext, token: this.tickets.issue(keptnContext) };
    const answer = await this.client.request({
      method: 'POST',
      path: ['event'],
      rawBody: stringifyJson(toWire({ ...event, shkeptncontext: keptnContext, data: { ...event.data, eventContext } })),
    });
    const stored = appended.safeParse(answer);
    if (!stored.success) {
      throw new BadGateway('mongodb-datastore did not say in which context it stored the event');
    }
    return stored.data.shkeptncontext === keptnContext
      ? eventContext
      : { keptnContext: stored.data.shkeptncontext, token: this.tickets.issue(stored.data.shkeptncontext) };
  }

  /** Begins a Keptn context: what this request does from now on, in other services as well, belongs to it. */
  newContext(): KeptnContext {
    const keptnContext = toKeptnContext();
    noteKeptnContext(keptnContext);
    return keptnContext;
  }

  /** Stores an event that tells what this service has done. */
  tell(keptnContext: KeptnContext, type: string, data: JsonObject): Promise<EventContext> {
    return this.append({
      specversion: '0.2',
      id: randomUUID(),
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      source: API_SOURCE,
      type,
      shkeptncontext: keptnContext,
      data,
      extensions: {},
    });
  }

  /** The event of this type with the latest time in the context, undefined when there is none. */
  async latest(keptnContext: string, type: string): Promise<JsonObject | undefined> {
    const answer = await this.client.request({
      method: 'GET',
      path: ['event'],
      query: { keptnContext, type, pageSize: '1' },
    });
    const result = page.safeParse(answer);
    if (!result.success) {
      throw new BadGateway('mongodb-datastore sent an answer that is not a page of events');
    }
    return result.data.events[0];
  }

  onApplicationShutdown(): Promise<void> {
    return this.client.close();
  }
}
