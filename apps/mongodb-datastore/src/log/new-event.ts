import { type EventRecord } from './event.schema';
import { type Instant } from './position';

/** An event before it has a position in the log. */
export interface NewEvent extends Omit<EventRecord, '_id' | 'position'> {
  readonly instant: Instant;
  /** Whether its time is the sender's; else it is that of arrival, and another one each time that the event comes. */
  readonly isTimed: boolean;
}
