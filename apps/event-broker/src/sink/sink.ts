import { type Outcome } from './outcome';
import { type LogEvent } from '../log/log-event';

/** What is listed of an answer, in characters. */
export const LISTED_OF_ANSWER = 1_024;

/** What is kept of an answer that something follows from, in bytes: enough for the values of many indicators. */
export const REPORTED_OF_ANSWER = 64 * 1_024;

/** One attempt to hand events over. */
export interface SinkAnswer {
  readonly outcome: Outcome;
  readonly status?: number;
  /** Why there was no answer. */
  readonly error?: string;
  /** The first bytes of the answer. */
  readonly answer?: string;
  /** The pause that the receiver asks for, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** Where events of a subscription go. */
export interface Sink {
  /** Most events that one {@link send} takes at the moment. */
  readonly groupSize: number;
  /** @param signal cuts the attempt off */
  send(events: readonly LogEvent[], signal: AbortSignal): Promise<SinkAnswer>;
}
