import type { AnswerOf, shipyardControllerApi } from '@keptn/api-models';
import { type LoggedEvent, toLoggedEvent } from '../../api/logged-event';

type RunEvent = AnswerOf<typeof shipyardControllerApi.getRun>['events'][number];

/** Clocks of senders that differ less from that of the log are taken for right, in milliseconds. */
const CLOCK_TOLERANCE_MS = 60_000;

/** An event of a run with what was decided about it. */
export interface ExplainedEvent extends LoggedEvent {
  /** When the log took it, where its sender says another time; undefined where they agree. */
  readonly storedAt: string | undefined;
  /** Empty when nothing was decided. */
  readonly why: string;
  /** What has to come next; undefined when nothing is waited for. */
  readonly awaits: string | undefined;
}

export function toExplainedEvent({ event, storedAt, decisions, awaits }: RunEvent): ExplainedEvent {
  const logged = toLoggedEvent(event);
  return {
    ...logged,
    storedAt: storedAt !== undefined && isApart(logged.time, storedAt) ? storedAt : undefined,
    why: decisions.map(({ because }) => because).join('; '),
    awaits,
  };
}

const isApart = (time: string, other: string): boolean =>
  Math.abs(Date.parse(time) - Date.parse(other)) > CLOCK_TOLERANCE_MS;
