import { type ChannelTickets, TOKEN_HEADER } from '@keptn/auth';
import { withTicket } from './with-ticket';
import { type LogEvent } from '../log/log-event';
import { HttpPost } from './http-post';
import { LISTED_OF_ANSWER, type Sink, type SinkAnswer } from './sink';
import { type SinkConnections } from './sink-connections';

/** Events in one request. */
const MOST_EVENTS = 200;

/** Receivers limit the size of a request; a batch with more text than this, in characters, is sent as several. */
const BATCH_TEXT_LIMIT = 1024 * 1024;

export interface ControlPlaneSinkOptions {
  readonly url: string;
  readonly token: string;
  readonly tickets: ChannelTickets;
  readonly timeoutMs: number;
  readonly connections: SinkConnections;
}

/** Refusals in a row after which the number of events between two batches grows no more: about 200,000. */
const MOST_DOUBLINGS = 10;

/** A service of the control plane: gets the token, tickets for channels, and batches, but for a while after it refused one. */
export class ControlPlaneSink implements Sink {
  private readonly post: HttpPost;
  private refusedBatches = 0;
  /** Events that go one by one before the next batch. */
  private singlesLeft = 0;

  constructor(private readonly options: ControlPlaneSinkOptions) {
    this.post = new HttpPost({
      ...options,
      url: new URL(options.url),
      receiver: 'control-plane',
      keptOfAnswer: LISTED_OF_ANSWER,
    });
  }

  get groupSize(): number {
    return this.singlesLeft > 0 ? 1 : MOST_EVENTS;
  }

  async send(events: readonly LogEvent[], signal: AbortSignal): Promise<SinkAnswer> {
    const texts = events.map((event) => withTicket(event, this.options.tickets));
    const isBatch = texts.length > 1;
    if (isBatch && lengthOf(texts) > BATCH_TEXT_LIMIT) return this.sendHalves(events, signal);
    const headers = {
      'content-type': isBatch ? 'application/cloudevents-batch+json' : 'application/cloudevents+json',
      [TOKEN_HEADER]: this.options.token,
      'x-request-id': `event-${events[0]?.sequence ?? 0}`,
    };
    const answer = await this.post.send({ headers, body: isBatch ? `[${texts.join()}]` : (texts[0] ?? '') }, signal);
    this.choose(events.length, answer);
    return answer;
  }

  /** A receiver may refuse a batch for one of its events, or for being one: if it does so each time, it is asked ever less. */
  private choose(size: number, { outcome }: SinkAnswer): void {
    if (size === 1) {
      this.singlesLeft = Math.max(0, this.singlesLeft - Number(outcome !== 'failed'));
    } else if (outcome === 'accepted') {
      this.refusedBatches = 0;
    } else if (outcome === 'refused') {
      this.singlesLeft = size * 2 ** Math.min(this.refusedBatches++, MOST_DOUBLINGS);
    }
  }

  private async sendHalves(events: readonly LogEvent[], signal: AbortSignal): Promise<SinkAnswer> {
    const middle = Math.ceil(events.length / 2);
    const first = await this.send(events.slice(0, middle), signal);
    return first.outcome === 'accepted' ? this.send(events.slice(middle), signal) : first;
  }
}

const lengthOf = (texts: readonly string[]): number => texts.reduce((length, text) => length + text.length, 0);
