import { IMPORT_TIME } from '@keptn/event-models';
import { ageMs } from './age';
import { type EventJson, type FilterMatcher } from './filter';

export interface NewsOptions {
  /** Whether imported events count as well. */
  readonly imported?: boolean | undefined;
  /** Older events do not count, e.g. `7d`. */
  readonly maxAge?: string | undefined;
}

/** Which events are news to a subscriber. What was imported is history: it was reacted to elsewhere. */
export function newsMatcherOf({ imported = false, maxAge }: NewsOptions): FilterMatcher {
  const isRecent = maxAge === undefined ? () => true : recencyOf(ageMs(maxAge));
  return (event) => (imported || !Object.hasOwn(event, IMPORT_TIME)) && isRecent(event);
}

const recencyOf =
  (limitMs: number): FilterMatcher =>
  ({ time }: EventJson) =>
    typeof time !== 'string' || Date.now() - Date.parse(time) <= limitMs;
