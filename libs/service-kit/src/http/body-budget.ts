import { AsyncResource } from 'node:async_hooks';
import { type FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { isLineStream } from './line-stream';

/** Bodies up to this size never wait, in bytes. */
const SMALL_BODY = 64 * 1024;

/** How many bodies of the largest size a service takes at the same time. */
const LARGEST_BODIES = 2;

/**
 * Has large bodies wait, unread, while others are under way. A body is in memory as text, as a value, and as what is made of
 * it: many times its size, and any number of them at once would end a service whose memory is limited.
 *
 * @param bodyLimit largest body, in bytes
 */
export function limitBodiesInMemory(adapter: FastifyAdapter, bodyLimit: number): void {
  const budget = new BodyBudget(LARGEST_BODIES * bodyLimit);
  adapter.getInstance().addHook('preParsing', (request, reply, body, done) => {
    const bytes = bytesToExpect(request, bodyLimit);
    if (bytes <= SMALL_BODY) {
      done(null, body);
      return;
    }
    // Whoever makes room calls it, which must not take this request for a part of its own.
    const begin = AsyncResource.bind(() => {
      done(null, body);
    });
    const leave = budget.enter(bytes, begin);
    onceEnded(request, reply, leave);
  });
}

/** Methods whose bodies nobody reads. */
const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** A stream of lines, or what is only handed on, is never in memory as a whole; a body of unknown length may be as large as any. */
const bytesToExpect = ({ headers, method, routeOptions }: FastifyRequest, bodyLimit: number): number => {
  const { 'content-length': length, 'transfer-encoding': coding } = headers;
  if (WITHOUT_BODY.has(method) || isLineStream(headers) || routeOptions.config.passesBodies === true) return 0;
  return coding === undefined ? Math.min(Number(length ?? 0), bodyLimit) : bodyLimit;
};

/** Calls `end` once the answer is given, or nobody is there to take it. */
const onceEnded = ({ socket }: FastifyRequest, { raw }: FastifyReply, end: () => void): void => {
  const onClose = (): void => {
    raw.off('close', onClose);
    socket.off('close', onClose);
    end();
  };
  raw.once('close', onClose);
  // An answer that waits for an earlier one on the same connection does not hear of its end.
  socket.once('close', onClose);
};

interface Visit {
  readonly bytes: number;
  readonly begin: () => void;
}

/** Bytes that are given to those who ask, in their order. */
export class BodyBudget {
  private readonly waiting = new Set<Visit>();

  constructor(private free: number) {}

  /**
   * @param bytes not more than there are in all
   * @param begin called, perhaps at once, when so many bytes are free
   * @returns to be called once, at the end or to give up waiting
   */
  enter(bytes: number, begin: () => void): () => void {
    const visit = { bytes, begin };
    this.waiting.add(visit);
    this.admit();
    return () => {
      if (!this.waiting.delete(visit)) {
        this.free += bytes;
      }
      this.admit();
    };
  }

  private admit(): void {
    for (const visit of this.waiting) {
      if (visit.bytes > this.free) return;
      this.free -= visit.bytes;
      this.waiting.delete(visit);
      visit.begin();
    }
  }
}
