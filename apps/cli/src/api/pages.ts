import { type HttpClient } from './http-client';
import { query } from './path';

/** What ends a list: the services of the contract differ in it. */
const NO_FURTHER_PAGE = new Set<string | undefined>([undefined, '', '0']);

/**
 * All items of a list, page by page.
 *
 * @param key of the items in the answer, e.g. `projects`
 * @param pageSize the largest that the service takes
 */
export async function allPages<Item>(
  client: HttpClient,
  listPath: string,
  { key, pageSize }: { key: string; pageSize: number },
): Promise<Item[]> {
  const items: Item[] = [];
  let nextPageKey: string | undefined;
  do {
    const page: Record<string, unknown> & { nextPageKey?: string } = await client.json({
      method: 'GET',
      path: `${listPath}${query({ pageSize, nextPageKey })}`,
    });
    items.push(...((page[key] as Item[] | null | undefined) ?? []));
    nextPageKey = page.nextPageKey;
  } while (!NO_FURTHER_PAGE.has(nextPageKey));
  return items;
}
