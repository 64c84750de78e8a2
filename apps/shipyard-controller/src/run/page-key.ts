import { NO_FURTHER_PAGE } from '@keptn/api-models';
import { UnknownPageKey } from './run.errors';

const POSITION = /^\d{4}-\d\d-\d\dT\S+ /;

/** The key of the page after one; it holds the position of its last run. */
export function pageKeyOf(page: readonly { readonly position: string }[], hasMore: boolean): string {
  const last = page.at(-1);
  return hasMore && last !== undefined ? Buffer.from(last.position).toString('base64url') : NO_FURTHER_PAGE;
}

/**
 * @returns undefined for the first page
 * @throws UnknownPageKey
 */
export function positionIn(key: string | undefined): string | undefined {
  if (key === undefined || key === '' || key === NO_FURTHER_PAGE) return undefined;
  const position = Buffer.from(key, 'base64url').toString();
  if (!POSITION.test(position)) throw new UnknownPageKey();
  return position;
}
