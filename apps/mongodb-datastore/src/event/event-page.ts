import { UnknownPageKey } from './event.errors';
import { pageKeyOf, type Position, positionOfPageKey } from '../log/position';

export interface EventPage {
  /** JSON texts of the events. */
  readonly events: readonly string[];
  /** Place of the last event, when more follow. */
  readonly continuesBehind?: Position | undefined;
  readonly pageSize: number;
  readonly totalCount: number;
}

/** The body of a page. Events are put in as the texts that they are stored as, so nothing in them can change. */
export function writePage({ events, continuesBehind, pageSize, totalCount }: EventPage): string {
  const nextPageKey = continuesBehind === undefined ? '' : `"nextPageKey":"${pageKeyOf(continuesBehind)}",`;
  return `{"events":[${events.join(',')}],${nextPageKey}"pageSize":${pageSize},"totalCount":${totalCount}}`;
}

/**
 * Where the page of a key begins.
 *
 * @throws UnknownPageKey
 */
export function startOfPage(key: string | undefined): Position | undefined {
  if (key === undefined || key === '0') return undefined;
  const position = positionOfPageKey(key);
  if (position === undefined) throw new UnknownPageKey();
  return position;
}
