import { type Cut } from './served-order';

/** A batch ends early when its events have this many characters, so that no batch of large events fills the memory. */
const BATCH_TEXT_LIMIT = 16 * 1024 * 1024;

/** The first of what was found: as many as wanted, or as fit into a batch. */
export const takeFrom = async <Event extends { readonly event?: string | undefined }>(
  found: AsyncIterable<Event>,
  limit: number,
): Promise<Cut<Event>> => {
  const items: Event[] = [];
  let length = 0;
  for await (const event of found) {
    if (items.length === limit || length > BATCH_TEXT_LIMIT) return { items, next: event };
    length += event.event?.length ?? 0;
    items.push(event);
  }
  return { items, next: undefined };
};
