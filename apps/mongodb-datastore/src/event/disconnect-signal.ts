import { type FastifyReply } from 'fastify';

/** Aborts when the client disconnects before it has its answer. */
export function disconnectSignalOf(reply: FastifyReply): AbortSignal {
  const disconnect = new AbortController();
  if (reply.raw.destroyed) disconnect.abort();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) disconnect.abort();
  });
  return disconnect.signal;
}
