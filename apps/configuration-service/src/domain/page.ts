/** A part of a list, as a store is asked for it. */
export interface PageRequest {
  /** Items before the page. */
  readonly offset: number;
  /** Items on the page, at least 1. */
  readonly limit: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Items in the whole list. */
  readonly total: number;
}

/** Cuts a page out of a list that is at hand as a whole. */
export function pageOf<Item>(items: readonly Item[], { offset, limit }: PageRequest): Page<Item> {
  return { items: items.slice(offset, offset + limit), total: items.length };
}
