import type { SessionState } from '@keptn/api-models';

/**
 * Until when a session lasts, to the millisecond, tells it from the one before. While api-service is away, nobody says what the holder of
 * a named token is called.
 */
export const isSameSession = (one: SessionState, other: SessionState): boolean =>
  one.expiresAt === other.expiresAt && (one.name === undefined || other.name === undefined || one.name === other.name);

/** What is not said of a session for a moment is as it was said before. */
export const withKnown = (before: SessionState | undefined, state: SessionState): SessionState =>
  before !== undefined && isSameSession(before, state) ? { ...before, ...state } : state;

/** Anybody may call themselves by any name; so their rights have to be the same as well, and known. */
export const isOfSamePerson = (one: SessionState, other: SessionState): boolean =>
  isSameSession(one, other) ||
  (one.name === other.name && one.grants !== undefined && JSON.stringify(one.grants) === JSON.stringify(other.grants));
