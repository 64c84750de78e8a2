import { derivedUuid, KeptnEventType } from '@keptn/event-models';
import { RelayedError } from '@keptn/service-kit';
import { type LogClient } from '../log/log-client';
import { type LogEvent } from '../log/log-event';
import { type Sink, type SinkAnswer } from './sink';

/** Namespace of the ids of reports (RFC 9562, section 5.5), made for this purpose. */
const NAMESPACE = '0d9f2a51-7c1e-4d5c-9a37-6f4f5c1f0b7e';

/** The receiver has taken the event and will send events of its own. */
const ACCEPTED = 202;

/** Refusals of the log that no repeat will change: it has the report, or nobody wants it any more. */
const FINAL: ReadonlySet<string> = new Set(['EVENT_EXISTS', 'PROJECT_DELETED']);

/**
 * Hands events over to another sink, and makes how that ended an event of the log before the delivery counts as done. Of a delivery
 * each outcome is reported once, whatever is repeated.
 */
export class ReportingSink implements Sink {
  readonly groupSize = 1;

  constructor(
    private readonly sink: Sink,
    private readonly subscription: string,
    private readonly log: LogClient,
  ) {}

  async send(events: readonly LogEvent[], signal: AbortSignal): Promise<SinkAnswer> {
    const startedAt = new Date();
    const answer = await this.sink.send(events, signal);
    const [event] = events;
    if (event === undefined || answer.outcome === 'failed' || answer.status === ACCEPTED) return answer;
    // The report of a report would be reported for ever.
    if (event.type === KeptnEventType.deliveryFinished) return answer;
    try {
      await this.report(event, answer, startedAt);
      return answer;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { ...answer, outcome: 'failed', error: `the outcome could not be stored: ${reason}` };
    }
  }

  private async report(
    { id, source, json, keptnContext }: LogEvent,
    answer: SinkAnswer,
    startedAt: Date,
  ): Promise<void> {
    const outcome = answer.outcome === 'accepted' ? 'accepted' : 'refused';
    const error = answer.error ?? (outcome === 'refused' ? `answered ${answer.status ?? 0}` : undefined);
    const report = {
      specversion: '1.0',
      id: derivedUuid(NAMESPACE, [this.subscription, outcome, source, id].join('\n')),
      source: 'event-broker',
      type: KeptnEventType.deliveryFinished,
      datacontenttype: 'application/json',
      ...(keptnContext !== undefined && { shkeptncontext: keptnContext }),
      triggeredid: id,
      data: {
        ...subjectOf(json['data']),
        delivery: {
          subscription: this.subscription,
          outcome,
          startedAt: startedAt.toISOString(),
          endedAt: new Date().toISOString(),
          ...(error !== undefined && { error }),
          ...(answer.answer !== undefined && { answer: answer.answer }),
        },
      },
    };
    try {
      await this.log.store(JSON.stringify(report), 'application/cloudevents+json');
    } catch (failure) {
      if (!(failure instanceof RelayedError) || !FINAL.has(failure.reason)) throw failure;
    }
  }
}

/** What an event is about, as far as its data say. */
function subjectOf(data: unknown): Readonly<Record<string, unknown>> {
  const given: Readonly<Record<string, unknown>> = typeof data === 'object' && data !== null ? { ...data } : {};
  const named = ['project', 'stage', 'service', 'labels'].filter((name) => given[name] !== undefined);
  return Object.fromEntries(named.map((name) => [name, given[name]]));
}
