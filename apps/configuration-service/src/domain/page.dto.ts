import { integerParameter } from '@keptn/service-kit';
import { z } from 'zod';
import { type Page, type PageRequest } from './page';

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 50;

/** What stands in `nextPageKey` when there is no further page (contract 4.2); clients stop at it. */
export const NO_FURTHER_PAGE = '0';

/** Items on a page, as the query of every list has it. */
export const pageSize = integerParameter(1, MAX_PAGE_SIZE)
  .optional()
  .transform((size) => size ?? DEFAULT_PAGE_SIZE)
  .meta({
    type: 'integer',
    minimum: 1,
    maximum: MAX_PAGE_SIZE,
    description: `Items on a page; ${DEFAULT_PAGE_SIZE} when absent`,
    example: DEFAULT_PAGE_SIZE,
  });

const nextPageKey = z
  .string()
  .regex(/^\d{0,9}$/, '{field} must be the nextPageKey of the page before, such as "20"')
  .transform((text) => Number(text));

/** Query of every list (contract 4.2). */
export const pageQuery = z
  .object({
    pageSize,
    nextPageKey: nextPageKey.optional().meta({
      type: 'string',
      pattern: '^[0-9]*$',
      description: 'The `nextPageKey` of the page before; absent for the first page',
    }),
    disableUpstreamSync: z.string().optional().meta({
      description: 'Accepted for clients of Keptn 0.7, and without effect: reads never wait for an upstream',
    }),
  })
  .transform((query): PageRequest => ({ offset: query.nextPageKey ?? 0, limit: query.pageSize }));

/** The fields around the items of every list. */
export const pageFields = {
  nextPageKey: z.string().meta({
    description: 'Send it as `nextPageKey` to get the next page; "0" when this is the last one',
    example: NO_FURTHER_PAGE,
  }),
  totalCount: z.int().optional().meta({
    description: 'Items in the whole list; absent when there are none',
    example: 1,
  }),
};

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
