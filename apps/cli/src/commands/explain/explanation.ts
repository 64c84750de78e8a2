import type { DistributedEvent } from '@keptn/api-models';
import type { JsonObject } from '@keptn/event-models/json';
import type { ExplainedEvent } from '../../api/shipyard-controller';

/** What is known about one event. */
export interface Explanation extends DistributedEvent {
  readonly event: JsonObject;
  /** Numbers of the events that name it as their cause. */
  readonly followedBy: readonly { readonly sequence: number; readonly type: string }[];
  readonly decisions: ExplainedEvent['decisions'];
  readonly awaits?: string | undefined;
}
