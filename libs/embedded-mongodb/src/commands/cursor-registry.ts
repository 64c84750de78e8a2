import { randomBytes } from 'node:crypto';
import { Long } from 'bson';
import { CommandError } from '../errors';

/** An idle cursor is closed after this time (ms), as by MongoDB. */
const IDLE_MS = 10 * 60 * 1000;
const SWEEP_INTERVAL_MS = 60 * 1000;

/** Produces the results of a query in batches. */
export interface BatchSource {
  readonly namespace: string;
  /**
   * @param size the number of documents wanted at most; Infinity for as many as fit into a reply
   * @returns the documents, and whether there are no more
   */
  next(size: number): Promise<{ documents: readonly Buffer[]; isLast: boolean }>;
}

interface OpenCursor {
  readonly source: BatchSource;
  lastUsed: number;
  isBusy: boolean;
}

/** The open cursors of all clients. */
export class CursorRegistry {
  private readonly cursors = new Map<string, OpenCursor>();
  private readonly timer = setInterval(() => {
    this.closeIdle();
  }, SWEEP_INTERVAL_MS).unref();

  get size(): number {
    return this.cursors.size;
  }

  /** Keeps a source for later batches. Ids are random, so that one client cannot guess another's. */
  open(source: BatchSource): Long {
    const id = Long.fromBigInt(randomBytes(8).readBigUInt64BE(0) >> 1n || 1n);
    this.cursors.set(id.toString(), { source, lastUsed: Date.now(), isBusy: false });
    return id;
  }

  /** The next batch of a cursor, which is closed after its last one. @throws CommandError CursorNotFound */
  async next(id: string, namespace: string, size: number): Promise<{ documents: readonly Buffer[]; isLast: boolean }> {
    const cursor = this.cursors.get(id);
    if (cursor?.source.namespace !== namespace || cursor.isBusy) {
      throw new CommandError('CursorNotFound', `cursor id ${id} not found`);
    }
    cursor.isBusy = true;
    try {
      const batch = await cursor.source.next(size);
      if (batch.isLast) this.cursors.delete(id);
      return batch;
    } catch (error) {
      this.cursors.delete(id);
      throw error;
    } finally {
      cursor.isBusy = false;
      cursor.lastUsed = Date.now();
    }
  }

  /** @returns false when there is no such cursor */
  kill(id: string): boolean {
    return this.cursors.delete(id);
  }

  close(): void {
    clearInterval(this.timer);
    this.cursors.clear();
  }

  private closeIdle(): void {
    const limit = Date.now() - IDLE_MS;
    for (const [id, cursor] of this.cursors) {
      if (!cursor.isBusy && cursor.lastUsed < limit) this.cursors.delete(id);
    }
  }
}
