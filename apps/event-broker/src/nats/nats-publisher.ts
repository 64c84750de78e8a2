import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type JetStreamPublishOptions } from '@nats-io/jetstream';
import { type MsgHdrs } from '@nats-io/transport-node';
import { BadGateway, ServiceUnavailable } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { type LogEvent } from '../log/log-event';
import { eventKey } from './arrival.store';
import { NatsIntake } from './nats-intake';
import { NatsLink, type NatsSession } from './nats-link';
import { SEQUENCE_HEADER } from './sequence-header';
import { isKeptnSubject, subjectRefusal } from './subject';

/** A server that is there confirms within this time, in milliseconds. */
const CONFIRMATION_MS = 10_000;

/** What is on its way without a confirmation, in characters. */
const UNCONFIRMED_LIMIT = 1024 * 1024;

/** Room for the headers of a message, in bytes. */
const HEADER_BYTES = 256;

/** An event as it is published. */
export interface Publication {
  readonly event: LogEvent;
  /** With a ticket for the channel of its context. */
  readonly text: string;
}

/** Publishes events of the log. */
@Injectable()
export class NatsPublisher {
  constructor(
    private readonly link: NatsLink,
    private readonly intake: NatsIntake,
  ) {}

  /** How long publishing has to wait, in milliseconds; undefined while there is no connection. */
  get waitMs(): number | undefined {
    const { session } = this.link;
    return session === undefined ? undefined : Math.max(0, session.publishFrom - performance.now());
  }

  /** @returns why the event cannot be published, undefined when it can */
  refusalOf({ event, text }: Publication): string | undefined {
    const most = this.link.session?.connection.info?.max_payload ?? Infinity;
    const size = Buffer.byteLength(text) + HEADER_BYTES;
    if (size > most) return `the event has ${size} bytes, and the server takes ${most} (max_payload)`;
    return subjectRefusal(event.type);
  }

  /**
   * Publishes events in order, but for those that came in over NATS. Resolves when the server has them: the stream, where it has
   * one, else by its answer to a PING behind them.
   *
   * @throws ServiceUnavailable, and then some may have been published
   */
  async publish(publications: readonly Publication[], signal: AbortSignal): Promise<void> {
    const { session } = this.link;
    if (session === undefined) throw new ServiceUnavailable('NATS is not connected');
    try {
      await this.publishAll(session, publications, signal);
    } catch (error) {
      // The stream was removed, or the server has given up its JetStream: the next session sees what there is.
      if (error instanceof Error && error.name === 'JetStreamNotEnabled') await this.link.reset(session);
      throw error;
    }
  }

  private async publishAll(
    session: NatsSession,
    publications: readonly Publication[],
    signal: AbortSignal,
  ): Promise<void> {
    // Behind the answer to a PING everything is here that came in before, such as an event that reached the log on two ways.
    await confirmed(session, [session.connection.flush()], signal);
    const keys = publications.map(({ event }) => eventKey(event));
    const arrivals = await this.intake.among(keys);
    const { headers } = await import('@nats-io/transport-node');
    let confirmations: Promise<unknown>[] = [];
    let size = 0;
    for (const [index, { event, text }] of publications.entries()) {
      const key = keys[index] ?? '';
      if (arrivals.has(key)) continue;
      if (size > UNCONFIRMED_LIMIT) {
        await confirmed(session, [...confirmations, session.connection.flush()], signal);
        confirmations = [];
        size = 0;
      }
      confirmations.push(...this.send(session, { event, text }, key, headers()));
      size += text.length;
    }
    await confirmed(session, [...confirmations, session.connection.flush()], signal);
  }

  /** @returns what the stream confirms; nothing for what goes to subscribers only */
  private send(
    { connection, stream }: NatsSession,
    { event, text }: Publication,
    key: string,
    headers: MsgHdrs,
  ): Promise<unknown>[] {
    // Servers before NATS 2.2 know no headers.
    if (connection.info?.headers !== true) {
      connection.publish(event.type, text);
      return [];
    }
    headers.set(SEQUENCE_HEADER, String(event.sequence));
    if (stream === undefined || !isKeptnSubject(event.type)) {
      connection.publish(event.type, text, { headers });
      return [];
    }
    const options: Partial<JetStreamPublishOptions> = { headers, msgID: key, timeout: CONFIRMATION_MS };
    const confirmation = stream.client.publish(event.type, text, options);
    // Where a later event cannot even be sent, nobody waits for this one.
    confirmation.catch(() => undefined);
    return [confirmation];
  }
}

/** @throws ServiceUnavailable when the connection ends, BadGateway when the server says nothing */
async function confirmed(
  { end }: NatsSession,
  confirmations: readonly Promise<unknown>[],
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  try {
    await Promise.race([
      Promise.all(confirmations),
      failAtTimeLimit(over.signal),
      failAtAbort(signal, 'event-broker is stopping', over.signal),
      failAtAbort(end, 'the connection to NATS has ended', over.signal),
    ]);
  } finally {
    over.abort();
  }
}

/** @param over ends the waiting */
async function failAtTimeLimit(over: AbortSignal): Promise<never> {
  await delay(CONFIRMATION_MS, undefined, { signal: over });
  throw new BadGateway('NATS did not confirm in time');
}

/** @param over ends the waiting */
async function failAtAbort(signal: AbortSignal, reason: string, over: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort', { signal: over });
  throw new ServiceUnavailable(reason);
}
