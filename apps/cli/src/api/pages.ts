/** What ends a list: the services of the contract differ in it. */
export const NO_FURTHER_PAGE = new Set<string | undefined>([undefined, '', '0']);

/** The largest page that configuration-service gives (contract 4.2). */
export const PAGE_SIZE = 50;

interface PageQuery {
  readonly pageSize: string;
  readonly nextPageKey: string | undefined;
}

/** All items of a list, page by page. */
export async function allPages<Page extends { readonly nextPageKey: string }, Item>(
  read: (query: PageQuery) => Promise<Page | undefined>,
  itemsOf: (page: Page) => readonly Item[] | null,
): Promise<Item[]> {
  const items: Item[] = [];
  let nextPageKey: string | undefined;
  do {
    const page = await read({ pageSize: String(PAGE_SIZE), nextPageKey });
    items.push(...((page && itemsOf(page)) ?? []));
    nextPageKey = page?.nextPageKey;
  } while (!NO_FURTHER_PAGE.has(nextPageKey));
  return items;
}
