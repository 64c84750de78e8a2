import { setTimeout as delay } from 'node:timers/promises';
import { type JsonObject, parseJson } from '@keptn/event-models/json';
import { Failure } from '../failures/failure';
import { type HttpClient } from './http-client';

/** Pause before a stream is opened again, unless the server says otherwise; each failure doubles it. In milliseconds. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Attempts in a row that may fail: with the standard pauses, about three minutes. */
const ATTEMPTS = 10;

export interface EventStreamOptions {
  /** Below the endpoint, with the filter. */
  readonly path: string;
  /** Ends the pause between two attempts, as it ends the requests of the client. */
  readonly signal: AbortSignal;
  /** Told what a person should know when the stream has broken off. */
  readonly onBreak: (sentence: string) => void;
}

/** Events as Server-Sent Events. After a break the stream goes on behind the last event that was received. */
export class EventStream {
  private lastId: string | undefined;
  private firstPauseMs = FIRST_PAUSE_MS;
  private hasBegun = false;
  private failures = 0;

  constructor(
    private readonly client: HttpClient,
    private readonly options: EventStreamOptions,
  ) {}

  /** @throws Failure when the first connection fails, the server refuses, it stays away, or a person ends the command */
  async *events(): AsyncIterable<JsonObject> {
    for (;;) {
      try {
        yield* this.untilBreak();
      } catch (error) {
        if (!this.hasBegun || !mayPass(error) || this.failures >= ATTEMPTS) {
          throw error;
        }
      }
      if (this.failures >= ATTEMPTS) {
        throw new Failure('unreachable', `${this.client.endpoint} ends the event stream again and again`);
      }
      await this.pause();
    }
  }

  /** The events of one connection. */
  private async *untilBreak(): AsyncIterable<JsonObject> {
    const { createParser } = await import('eventsource-parser');
    let received: { id?: string | undefined; data: string }[] = [];
    const parser = createParser({
      onEvent: (message) => {
        received.push(message);
      },
      onRetry: (milliseconds) => {
        this.firstPauseMs = milliseconds;
      },
    });
    const headers = {
      accept: 'text/event-stream',
      ...(this.lastId !== undefined && { 'last-event-id': this.lastId }),
    };
    for await (const chunk of this.client.stream({ method: 'GET', path: this.options.path, headers })) {
      this.hasBegun = true;
      this.failures = 0;
      parser.feed(chunk);
      for (const { id, data } of received) {
        this.lastId = id ?? this.lastId;
        yield parseJson(data) as JsonObject;
      }
      received = [];
    }
  }

  private async pause(): Promise<void> {
    const { onBreak, signal } = this.options;
    if (this.failures === 0) {
      onBreak(
        this.lastId === undefined
          ? 'the event stream broke off; connecting again, events in between are not shown'
          : 'the event stream broke off; connecting again, and going on where it ended',
      );
    }
    const pauseMs = Math.min(this.firstPauseMs * 2 ** this.failures, LONGEST_PAUSE_MS);
    this.failures++;
    // When it is aborted, so is the request that follows, which says it better.
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

const mayPass = (error: unknown): boolean => error instanceof Failure && error.exit === 'unreachable';
