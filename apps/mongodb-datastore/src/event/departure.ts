import { type FastifyReply } from 'fastify';

/** Aborts when the client of an answer has gone before it got it. */
export function departureOf(reply: FastifyReply): AbortSignal {
  const departure = new AbortController();
  reply.raw.once('close', () => {
    departure.abort();
  });
  return departure.signal;
}
