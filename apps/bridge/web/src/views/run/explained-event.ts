import type { AnswerOf, shipyardControllerApi } from '@keptn/api-models';
import { type LoggedEvent, toLoggedEvent } from '../../api/logged-event';

type RunEvent = AnswerOf<typeof shipyardControllerApi.getRun>['events'][number];

/** An event of a run with what was decided about it. */
export interface ExplainedEvent extends LoggedEvent {
  /** Empty when nothing was decided. */
  readonly why: string;
  /** What has to come next; undefined when nothing is waited for. */
  readonly awaits: string | undefined;
}

export const toExplainedEvent = ({ event, decisions, awaits }: RunEvent): ExplainedEvent => ({
  ...toLoggedEvent(event),
  why: decisions.map(({ because }) => because).join('; '),
  awaits,
});
