import { UnknownPageKey } from './event.errors';
import { pageKeyOf, type Position, positionOfPageKey } from '../log/position';

export interface EventPage {
  /** JSON texts of the events. */
  readonly events: readonly string[];
  /** Absent on the last page. */
  readonly nextPageKey?: string | undefined;
  readonly pageSize: number;
  readonly totalCount: number;
}

/** Where a page begins: behind a position, or behind a number of events. */
export type PageStart =
  | { readonly behind: Position; readonly offset?: undefined }
  | { readonly behind?: undefined; readonly offset: number };

/** The original's page keys are offsets. */
const OFFSET = /^\d{1,15}$/;

export const isFirstPage = ({ offset }: PageStart): boolean => offset === 0;

/** The body of a page. Events are put in as the texts that they are stored as, so nothing in them can change. */
export function writePage({ events, nextPageKey, pageSize, totalCount }: EventPage): string {
  const key = nextPageKey === undefined ? '' : `"nextPageKey":"${nextPageKey}",`;
  return `{"events":[${events.join(',')}],${key}"pageSize":${pageSize},"totalCount":${totalCount}}`;
}

/**
 * Where the page of a key begins.
 *
 * @throws UnknownPageKey
 */
export function startOfPage(key = '0'): PageStart {
  if (OFFSET.test(key)) return { offset: Number(key) };
  const behind = positionOfPageKey(key);
  if (behind === undefined) throw new UnknownPageKey();
  return { behind };
}

/**
 * The key of the page that follows one of `pageSize` events. Keptn's Go client asks for pages of one event and stops once the
 * key has reached the number of pages that are wanted, so there the key is the offset.
 *
 * @param continuesBehind position of the last event of the page
 */
export function nextKey({ offset }: PageStart, pageSize: number, continuesBehind: Position): string {
  return pageSize === 1 && offset !== undefined ? String(offset + 1) : pageKeyOf(continuesBehind);
}
