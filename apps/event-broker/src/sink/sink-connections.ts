import { type LookupFunction } from 'node:net';
import { LRUCache } from 'lru-cache';
import { type Dispatcher, Pool } from 'undici';

/** Hosts whose connections are remembered. */
export const MOST_ORIGINS = 1_000;

/** Headers of an answer, in bytes; Node's own default. */
const HEADERS_LIMIT = 16 * 1_024;

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * The connections to sinks: to each host as many as there are requests at the same time. What belongs to a host that is down stays, unlike
 * in undici's `Agent`, where making it anew for each attempt takes as long as the attempt itself.
 */
export class SinkConnections {
  private readonly pools = new LRUCache<string, Pool>({
    max: MOST_ORIGINS,
    dispose: (pool, _origin, reason) => {
      // Requests that are on their way come to their end.
      if (reason === 'evict') void pool.close();
    },
  });

  /** @param lookup finds the addresses that may be connected to; any when absent */
  constructor(private readonly lookup?: LookupFunction) {}

  /** @param origin e.g. `https://ci.example.com` @throws when the connections are destroyed */
  dispatch(origin: string, options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.poolOf(origin).dispatch(options, handler);
  }

  /** Cuts off all requests. */
  async destroy(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.destroy()));
  }

  private poolOf(origin: string): Pool {
    const known = this.pools.get(origin);
    if (known !== undefined) return known;
    const { lookup } = this;
    const pool = new Pool(origin, {
      maxHeaderSize: HEADERS_LIMIT,
      connect: { timeout: CONNECT_TIMEOUT_MS, ...(lookup !== undefined && { lookup }) },
    });
    this.pools.set(origin, pool);
    return pool;
  }
}
