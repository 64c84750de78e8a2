import { isJsonObject, type JsonObject, type KeptnEvent } from '@keptn/event-models';

/** An event of the log. A list of them holds the events of one Keptn context, in the order of the log. */
export interface ContextEvent extends KeptnEvent {
  readonly id: string;
  readonly time: string;
}

/** What an event is about. */
export interface Subject {
  readonly project: string;
  readonly stage: string;
  readonly service: string;
}

export function fieldsOf(event: ContextEvent): JsonObject {
  return isJsonObject(event.data) ? event.data : {};
}

/** The text of a field of the data; empty when it is absent or something else. */
export function textOf(event: ContextEvent, field: string): string {
  const value = fieldsOf(event)[field];
  return typeof value === 'string' ? value : '';
}

export function subjectOf(event: ContextEvent): Subject {
  return { project: textOf(event, 'project'), stage: textOf(event, 'stage'), service: textOf(event, 'service') };
}

export function isAbout({ project, stage, service }: Subject, event: ContextEvent): boolean {
  const other = subjectOf(event);
  return other.project === project && other.stage === stage && other.service === service;
}

/**
 * Whether an event of the same context may belong to another one, e.g. as its answer. A context is no secret, so events of other
 * projects may be sent into it; those without a project come from who may write everywhere.
 */
export function mayBelongTo(event: ContextEvent, other: ContextEvent): boolean {
  const project = textOf(event, 'project');
  return project === '' || project === textOf(other, 'project');
}

/** The labels that are text, as receivers of Keptn 0.7 drop an event with any other; `null` as they write "none". */
export function labelsOf(event: ContextEvent): Readonly<Record<string, string>> | null {
  const labels = fieldsOf(event)['labels'];
  if (!isJsonObject(labels)) return null;
  return Object.fromEntries(
    Object.entries(labels).filter((label): label is [string, string] => typeof label[1] === 'string'),
  );
}

/** A time before an event, as RFC 3339, which has no years before 0; senders may write any time. */
export function timeBefore({ time }: ContextEvent, milliseconds: number): string {
  return new Date(Math.max(0, Date.parse(time) - milliseconds)).toISOString();
}

/** Whether two are the same event of the log, however they were read. */
export function isSameEvent(one: ContextEvent, other: ContextEvent): boolean {
  return one.id === other.id && one.source === other.source;
}

/** The events of a context up to one of them, with it; all when it is not among them. */
export function until(event: ContextEvent, events: readonly ContextEvent[]): readonly ContextEvent[] {
  const index = events.findIndex((other) => isSameEvent(event, other));
  return index === -1 ? [...events, event] : events.slice(0, index + 1);
}

/** The same, without it. */
export function before(event: ContextEvent, events: readonly ContextEvent[]): readonly ContextEvent[] {
  return until(event, events).slice(0, -1);
}

/** The id of the event that an event of this service follows from; empty for all others. */
export function causeOf(event: ContextEvent): string {
  const decision = fieldsOf(event)['decision'];
  const cause = isJsonObject(decision) ? decision['cause'] : undefined;
  return typeof cause === 'string' ? cause : '';
}
