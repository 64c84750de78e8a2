import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';
import { type ApiFailure } from './api-failure';
import { fieldsIn } from './logged-event';
import { NO_POSITION } from './refresher';

/**
 * Resolves when nothing of a query is on its way. What was asked for before an event may be without it, and an answer takes the place of
 * what was written meanwhile.
 */
export async function atRest(query: Query | undefined): Promise<void> {
  while (query?.promise !== undefined) await query.promise.catch(() => undefined);
}

/** @returns why it could not be read, where the same request may be answered in a moment */
export const passingFailureOf = ({ state: { status, error } }: Query): ApiFailure | undefined =>
  status === 'error' && error?.mayPass === true ? error : undefined;

/**
 * Reads again what is shown, and marks the rest to be read again when it is shown.
 *
 * @param wanted sequence number of the log that has to be in the answer
 * @returns up to which one everything is; Infinity where nothing has to follow
 * @throws ApiFailure that may pass
 */
export async function readAgain(client: QueryClient, query: Query, wanted: number): Promise<number> {
  await atRest(query);
  const known = positionOf(query);
  if (known !== undefined && known >= wanted) return known;
  await client.invalidateQueries({ queryKey: query.queryKey, exact: true }, { cancelRefetch: false });
  if (!query.isActive()) return Infinity;
  const failure = passingFailureOf(query);
  if (failure !== undefined) throw failure;
  const isBehind = query.state.status === 'error' || query.meta?.mayFollow?.(query.state.data) === true;
  return isBehind ? NO_POSITION : (positionOf(query) ?? Infinity);
}

/** Changes an answer when nothing is on its way that would take the place of the change. */
export async function changeAnswer<Data>(
  client: QueryClient,
  queryKey: QueryKey,
  change: (data: Data) => Data,
): Promise<void> {
  await atRest(client.getQueryCache().find({ queryKey }));
  client.setQueryData<Data>(queryKey, (data) => data && change(data));
}

/** @returns undefined for an answer that is out of date anyway, and for one that is made from the log itself */
const positionOf = ({ state: { data, isInvalidated, status } }: Query): number | undefined =>
  isInvalidated || status === 'error' ? undefined : positionIn(data);

/** Of an answer, or of the pages of a list. */
function positionIn(data: unknown): number | undefined {
  const { pages, position } = fieldsIn(data);
  if (!Array.isArray(pages)) return typeof position === 'number' ? position : undefined;
  const positions = pages.map(positionIn);
  return positions.every((each) => each !== undefined) ? Math.min(...positions) : undefined;
}
