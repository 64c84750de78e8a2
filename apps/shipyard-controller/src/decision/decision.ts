import { type ContextEvent } from './context-event';
import { type TypedEvent, withFurtherData } from '@keptn/event-models';

/** The services of Keptn 0.7 whose decisions these are; execution-plane services and scripts look for them as `source`. */
export const GATEKEEPER = 'gatekeeper-service';
export const REMEDIATION = 'remediation-service';

/** What receivers of events have done is reported under the name of this service. */
export const EXECUTION = 'shipyard-controller';

export type Sender = typeof GATEKEEPER | typeof REMEDIATION | typeof EXECUTION;

/** An event that follows. */
export type FollowUp = TypedEvent & FollowUpDetails;

interface FollowUpDetails {
  readonly sender: Sender;
  /** The event that the id is derived from. */
  readonly cause: ContextEvent;
  /** Of one cause each kind is stored once, whatever it says. */
  readonly kind: string;
  readonly triggeredid?: string;
}

/** What follows from an event, and why it is this and nothing else. */
export interface Decision {
  /** In the order of sending. */
  readonly follows: readonly FollowUp[];
  /** One sentence for people, without a full stop. */
  readonly because: string;
}

export function nothing(because: string): Decision {
  return { follows: [], because };
}

/** What an event of this service says about itself, under a name that clients of Keptn 0.7 pass over. */
export function reasonOf(cause: ContextEvent, because: string) {
  return { decision: { because, cause: cause.id } };
}

/** The decision to send events, each of which says why. */
export function decided(because: string, follows: readonly FollowUp[]): Decision {
  return {
    because,
    follows: follows.map((followUp) => withFurtherData(followUp, reasonOf(followUp.cause, because))),
  };
}
