import { derivedUuid, type JsonObject, type KeptnEvent, type TypedEvent } from '@keptn/event-models';
import { type LoggedEvent } from './logged-event';

/** Namespace of the ids of follow-ups (RFC 9562, section 5.5), made for this purpose. */
const NAMESPACE = '5f0c2f0e-6a43-4f0a-9d6b-0f3a1d2b7c58';

/** The event that another one follows from. */
export type Cause = Pick<LoggedEvent, 'id' | 'source'> & Pick<KeptnEvent, 'shkeptncontext'>;

/** An event that follows from another one. */
export type FollowUp = TypedEvent & FollowUpDetails;

interface FollowUpDetails {
  /** What it follows from: the event that is reacted to, or an earlier one that everything about this matter derives its ids from. */
  readonly cause: Cause;
  /** Tells apart what follows from one cause; with the cause it decides the id, so of one cause each kind is stored once. */
  readonly kind: string;
  /** Id of the event that this one answers. */
  readonly triggeredid?: string;
  /** Source of the event, for a service that does the work of several; that of the service when absent. */
  readonly sender?: string;
  /** Further attributes, such as why something was decided; `data` keeps the fields of Keptn 0.7. */
  readonly extensions?: JsonObject;
}

/**
 * The id of what follows from a cause: the same for the same cause, kind and sender, whoever derives it and however often.
 *
 * @param sender source of the follow-up, e.g. `lighthouse-service`
 */
export function followUpId(sender: string, { id, source }: Pick<Cause, 'id' | 'source'>, kind: string): string {
  return derivedUuid(NAMESPACE, [sender, kind, source, id].join('\n'));
}

/**
 * The event as Keptn 0.7 writes it. It has no time: the log gives it that of its arrival, so that a repeat says the same as what is
 * stored.
 */
export function followUpEvent(service: string, followUp: FollowUp): KeptnEvent {
  const { cause, kind, type, data, triggeredid, extensions = {}, sender = service } = followUp;
  return {
    specversion: '0.2',
    id: followUpId(sender, cause, kind),
    source: sender,
    type,
    datacontenttype: 'application/json',
    ...(cause.shkeptncontext !== undefined && { shkeptncontext: cause.shkeptncontext }),
    ...(triggeredid !== undefined && { triggeredid }),
    data,
    extensions,
  };
}
