import type { SessionState } from '@keptn/api-models';

/** Until when a session lasts, to the millisecond, tells it from the one before. */
export const isSameSession = (one: SessionState, other: SessionState): boolean =>
  one.expiresAt === other.expiresAt && one.name === other.name;

/** Anybody may call themselves by any name; so their rights have to be the same as well, and known. */
export const isOfSamePerson = (one: SessionState, other: SessionState): boolean =>
  isSameSession(one, other) ||
  (one.name === other.name && one.grants !== undefined && JSON.stringify(one.grants) === JSON.stringify(other.grants));
