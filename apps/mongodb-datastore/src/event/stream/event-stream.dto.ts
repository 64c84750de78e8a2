import { BadRequest } from '@keptn/service-kit';
import { z } from 'zod';
import { eventFilterFields } from '../event.dto';

export const eventStreamQuery = z.object({
  ...eventFilterFields,
  lastEventId: z.string().max(20).optional().meta({
    description: 'Stands in for the header Last-Event-ID, for clients that cannot set it',
    example: '42',
  }),
});

export type EventStreamQuery = z.infer<typeof eventStreamQuery>;

/**
 * The sequence number that a reader has seen last.
 *
 * @throws BadRequest when the text is no such number
 */
export function lastEventId(
  header: string | undefined,
  { lastEventId: parameter }: EventStreamQuery,
): number | undefined {
  // The header is what a browser sends when it reconnects, with the URL and so the parameter unchanged: it is newer.
  const text = header ?? parameter;
  if (text === undefined || text === '') return undefined;
  const sequence = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(sequence)) {
    throw new BadRequest('Last-Event-ID must be the id of a message of this stream, which is a number');
  }
  return sequence;
}
