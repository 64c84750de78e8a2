import { LRUCache } from 'lru-cache';

/** Objects that were read last, by type and id. */
export type ObjectCache = LRUCache<string, object>;

/** The size of what is not to be kept: larger than any cache. */
export const NOT_KEPT = Number.MAX_SAFE_INTEGER;

/** @param maxBytes estimated bytes of all objects together; 0 keeps nothing */
export const createObjectCache = (maxBytes: number): ObjectCache => new LRUCache({ maxSize: Math.max(1, maxBytes) });

/**
 * The same bytes in memory of their own. What zlib and Buffer hand out is often a piece of a larger block (16 KiB, say),
 * which stays as long as the piece does: kept in a cache, it takes many times the bytes that it counts for.
 */
export function exactCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
