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

/** Injection token of the {@link Reactions} of a service. */
export const REACTIONS = Symbol('REACTIONS');
