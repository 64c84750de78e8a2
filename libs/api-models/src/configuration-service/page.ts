import { z } from 'zod';
import { integerParameter } from '../contract/integer-parameter';

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 50;

/** What `nextPageKey` is when there is no further page (contract 4.2); clients stop at it. */
export const NO_FURTHER_PAGE = '0';

/** A part of a list. */
export interface PageRequest {
  /** Items before the page. */
  readonly offset: number;
  /** Items on the page, at least 1. */
  readonly limit: number;
}

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

const OFFSET = /^\d{0,9}$/;

const offset = z
  .string()
  .regex(OFFSET, '{field} must be the nextPageKey of the page before, such as "20"')
  .transform((text) => Number(text));

export const disableUpstreamSync = z.string().optional().meta({
  description: 'Accepted for clients of Keptn 0.7, and without effect: reads never wait for an upstream',
});

/** Query of every list (contract 4.2). */
export const pageQuery = z
  .object({
    pageSize,
    nextPageKey: offset.optional().meta({
      type: 'string',
      pattern: OFFSET.source,
      description: 'The `nextPageKey` of the page before; absent for the first page',
    }),
    disableUpstreamSync,
  })
  .transform((query): PageRequest => ({ offset: query.nextPageKey ?? 0, limit: query.pageSize }));

export const nextPageKey = z.string().meta({
  description: 'Send it as `nextPageKey` to get the next page; "0" when this is the last one',
  example: NO_FURTHER_PAGE,
});

/** The fields around the items of every list. */
export const pageFields = {
  nextPageKey,
  totalCount: z.int().optional().meta({
    description: 'Items in the whole list; absent when there are none',
    example: 1,
  }),
};
