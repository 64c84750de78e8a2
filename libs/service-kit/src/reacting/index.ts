/**
 * What services that react to events share. The event log is the only state of a reaction: events come in at `POST /`, what follows
 * from them is stored in the log under an id that is derived from the cause, and a waiting time is computed from times in the log.
 */
export { Deadlines, type Deadline, type DeadlinesOptions } from './deadlines';
export {
  type AmongSearch,
  EventLog,
  type EventHead,
  type EventLogOptions,
  type EventPage,
  type EventSearch,
  type PageRequest,
  type StoreOutcome,
} from './event-log';
export { EventRefused } from './event-refused';
export { EventLogModule, ReactingModule, type ReactingSettings, reactingSettings } from './reacting.module';
export { type Cause, type FollowUp, followUpId } from './follow-up';
export { FollowUps } from './follow-ups';
export { type LatestSearch } from './latest-query';
export { type LoggedEvent, type NumberedEvent } from './logged-event';
export { isAbsence, ProjectResources, type ResourceScope, unlessAbsent } from './project-resources';
export { type GroupReactions, type Reaction, type ReactionGroup, type Reactions } from './reactions';
