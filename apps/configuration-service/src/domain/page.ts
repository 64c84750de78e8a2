import { NO_FURTHER_PAGE, type PageRequest } from '@keptn/api-models';

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Items in the whole list. */
  readonly total: number;
}

/** Cuts a page out of a list that is in memory as a whole. */
export function pageOf<Item>(items: readonly Item[], { offset, limit }: PageRequest): Page<Item> {
  return { items: items.slice(offset, offset + limit), total: items.length };
}

export interface PageAnswer {
  nextPageKey: string;
  totalCount?: number;
}

/** The fields around the items of a page. */
export function pageAnswer({ items, total }: Page<unknown>, { offset }: PageRequest): PageAnswer {
  const next = offset + items.length;
  return {
    nextPageKey: items.length > 0 && next < total ? String(next) : NO_FURTHER_PAGE,
    ...(total > 0 && { totalCount: total }),
  };
}
