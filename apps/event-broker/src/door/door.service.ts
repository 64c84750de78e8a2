import {
  type EventHeaders,
  fromRequest,
  InvalidEvent,
  InvalidJson,
  type KeptnEvent,
  parseJson,
  stringifyJson,
  toWire,
} from '@keptn/event-models';
import { BadGateway, BadRequest, ServiceError, ServiceUnavailable } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { LogClient } from '../log/log-client';

/** As deep as the log reads a batch: one level more than an event. */
const BODY_DEPTH_LIMIT = 97;

/** The log takes events without them, as Keptn 0.7 did. */
const READ_OPTIONS = { optional: ['data', 'source'], maxDepth: BODY_DEPTH_LIMIT } as const;

/** What the log answers for each event of a batch. */
const results = z.array(z.looseObject({ status: z.int(), message: z.string().optional() }));

/** Reads a body so that every number in it stays as it is spelled. @throws BadRequest */
export function parseBody(text: string): unknown {
  try {
    return parseJson(text, { maxDepth: BODY_DEPTH_LIMIT });
  } catch (error) {
    if (error instanceof InvalidJson)
      throw new BadRequest(`the body is not acceptable: ${error.message}`, { reason: 'INVALID_JSON' });
    throw error;
  }
}

/** Takes events of services in the cluster in, as the broker of Keptn 0.7 did, but accepts only what the log has. */
@Injectable()
export class DoorService {
  constructor(private readonly log: LogClient) {}

  /**
   * Resolves once the events are durable.
   *
   * @param body as {@link parseBody} reads it
   * @throws ServiceError when one of them is not
   */
  async accept(headers: EventHeaders, body: unknown): Promise<void> {
    const events = readEvents(headers, body);
    const texts = events.map((event) => stringifyJson(toWire(event)));
    const isBatch = texts.length !== 1;
    try {
      const answer = await this.log.store(
        isBatch ? `[${texts.join()}]` : (texts[0] ?? ''),
        isBatch ? 'application/cloudevents-batch+json' : 'application/cloudevents+json',
      );
      if (isBatch) requireAll(answer);
    } catch (error) {
      // A sender tries again after 503, whatever the log fails of.
      if (!(error instanceof ServiceError) || error.status < 500) throw error;
      throw new ServiceUnavailable(error.message, { cause: error });
    }
  }
}

/** @throws ServiceError */
function readEvents(headers: EventHeaders, body: unknown): KeptnEvent[] {
  const posted = orRefused(() => fromRequest(headers, body, READ_OPTIONS));
  if (posted.kind === 'one') return [posted.event];
  return posted.events.map((event, index) => {
    if (event instanceof InvalidEvent) throw refusal(`event ${index + 1} of the batch: ${event.message}`, event);
    return event;
  });
}

function orRefused<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof InvalidEvent ? refusal(error.message, error) : error;
  }
}

const refusal = (message: string, cause: unknown): ServiceError =>
  new ServiceError('INVALID_EVENT', message, { cause });

/** @throws ServiceError when the log has refused an event of the batch */
function requireAll(answer: unknown): void {
  const parsed = results.safeParse(answer);
  if (!parsed.success) throw new BadGateway('mongodb-datastore did not say that it stored the events');
  const index = parsed.data.findIndex(({ status }) => status !== 201);
  if (index === -1) return;
  throw new BadRequest(`event ${index + 1} of the batch: ${parsed.data[index]?.message ?? 'it was refused'}`, {
    reason: 'INVALID_EVENT',
  });
}
