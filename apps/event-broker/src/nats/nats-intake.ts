import { type JsMsg } from '@nats-io/jetstream';
import { type Msg } from '@nats-io/transport-node';
import { InvalidEvent, InvalidJson, KeptnEventType } from '@keptn/event-models';
import { LOGGER, Metrics } from '@keptn/service-kit';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Logger } from 'pino';
import { Counter } from 'prom-client';
import { NatsLink, type NatsSession } from './nats-link';
import { type ReceivedEvent, receivedEventOf } from './received-event';
import { SEQUENCE_HEADER } from './sequence-header';
import { StoredArrivals } from './stored-arrivals';
import { KEPTN_SUBJECTS } from './subject';

/** Events that are stored in one request. */
const BATCH = 100;

/** What waits for the log in memory, in characters; more than this is lost unless JetStream has it. */
const WAITING_LIMIT = 64 * 1024 * 1024;

/** How long what waits may still be stored when the service ends, in milliseconds. */
const LAST_STORE_MS = 3_000;

interface Waiting extends ReceivedEvent {
  /** Called when the event is in the log, or never will be. */
  readonly confirm: () => void;
}

const NOTHING_TO_CONFIRM = (): void => undefined;

/**
 * Takes into the log what others publish on the subjects of Keptn. Core NATS hands it over at once, and only while somebody
 * listens; the consumer of the stream hands over everything, after a restart too. What comes in twice is stored once.
 */
@Injectable()
export class NatsIntake implements OnModuleDestroy {
  private readonly waiting: Waiting[] = [];
  /** Keys of events that have come in and are not yet known to be arrivals elsewhere. */
  private readonly heard = new Set<string>();
  private readonly received: Counter<'outcome'>;
  private readonly stopping = new AbortController();
  private waitingSize = 0;
  private storing: Promise<void> | undefined;
  private isEnding = false;

  constructor(
    link: NatsLink,
    private readonly arrivals: StoredArrivals,
    @Inject(LOGGER) private readonly logger: Logger,
    { registry }: Metrics,
  ) {
    this.received = new Counter({
      name: 'broker_nats_received_total',
      help: 'Messages of others that came in over NATS, by what became of them',
      labelNames: ['outcome'],
      registers: [registry],
    });
    link.onSession((session) => {
      this.listen(session);
    });
  }

  /** Of these events, the keys of those that came in over NATS. */
  async among(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const here = keys.filter((key) => this.heard.has(key));
    return new Set([...here, ...(await this.arrivals.among(keys))]);
  }

  async onModuleDestroy(): Promise<void> {
    this.isEnding = true;
    const cutOff = setTimeout(() => {
      this.stopping.abort();
    }, LAST_STORE_MS);
    await this.storing;
    clearTimeout(cutOff);
  }

  private listen({ connection, stream }: NatsSession): void {
    connection.subscribe(KEPTN_SUBJECTS, {
      callback: (error, message) => {
        if (error === null) this.receive(message, NOTHING_TO_CONFIRM);
        else this.logger.warn({ err: error }, 'NATS refuses the subjects of Keptn');
      },
    });
    stream?.consumer
      .consume({
        callback: (message) => {
          this.receive(message, () => {
            message.ack();
          });
        },
      })
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'the stream keptn cannot be read');
      });
  }

  private receive(message: JsMsg | Msg, confirm: () => void): void {
    if (this.isEnding) return;
    // The log had it first.
    if (message.headers?.has(SEQUENCE_HEADER) === true || message.subject === KeptnEventType.log) {
      confirm();
      return;
    }
    const event = this.read(message);
    if (event === undefined) {
      confirm();
    } else if (this.waitingSize > WAITING_LIMIT) {
      this.received.inc({ outcome: 'dropped' });
    } else {
      this.waiting.push({ ...event, confirm });
      this.waitingSize += event.text.length;
      this.heard.add(event.key);
      this.storing ??= this.storeWaiting();
    }
  }

  private read(message: JsMsg | Msg): ReceivedEvent | undefined {
    try {
      return receivedEventOf(message.string());
    } catch (error) {
      if (!(error instanceof InvalidEvent) && !(error instanceof InvalidJson)) throw error;
      this.received.inc({ outcome: 'invalid' });
      this.logger.warn({ err: error, subject: message.subject }, 'a message of NATS is no event');
      return undefined;
    }
  }

  private async storeWaiting(): Promise<void> {
    while (this.waiting.length > 0 && !this.stopping.signal.aborted) {
      const batch = this.waiting.slice(0, BATCH);
      const outcomes = await this.arrivals.store(batch, this.stopping.signal, () => {
        for (const { key } of batch) this.heard.delete(key);
      });
      if (outcomes === undefined) break;
      this.waiting.splice(0, batch.length);
      for (const { text, confirm } of batch) {
        this.waitingSize -= text.length;
        confirm();
      }
      for (const outcome of outcomes) this.received.inc({ outcome });
    }
    this.storing = undefined;
  }
}
