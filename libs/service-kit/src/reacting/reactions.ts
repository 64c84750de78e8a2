import { type FollowUp } from './follow-up';
import { type LoggedEvent } from './logged-event';

/**
 * What a service does about an event: it reads what it needs, decides, and says what follows. The same event may come again, at any
 * time and to another replica; what follows from it is stored once.
 *
 * @throws EventRefused when the event will never be understood
 * @throws any other error to have the event sent again
 */
export type Reaction = (event: LoggedEvent) => Promise<readonly FollowUp[]> | readonly FollowUp[];

/** Reactions by event type; other types are accepted and passed over. */
export type Reactions = ReadonlyMap<string, Reaction>;

/** Events of one Keptn context that were delivered together: what is read about the context can be read once for all of them. */
export interface ReactionGroup {
  /** Called for one event after another, in the order of the log; what follows from one is stored before the next. */
  readonly react: Reaction;

  /**
   * Called when the last event was reacted to.
   *
   * @throws any error to have all of them sent again
   */
  end(): Promise<void>;
}

/** Reactions that begin and end with what was delivered together. */
export interface GroupReactions {
  readonly types: ReadonlySet<string>;
  begin(): ReactionGroup;
}

/** Injection token of the {@link GroupReactions} of a service. */
export const REACTIONS = Symbol('REACTIONS');

/** Each event is reacted to for itself. */
export function oneByOne(reactions: Reactions): GroupReactions {
  const group: ReactionGroup = {
    react: (event) => reactions.get(event.type)?.(event) ?? [],
    end: () => Promise.resolve(),
  };
  return { types: new Set(reactions.keys()), begin: () => group };
}
