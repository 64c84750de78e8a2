/** Keeps what was used last, up to a number of bytes. */
export class ObjectCache {
  private readonly entries = new Map<string, { readonly value: unknown; readonly bytes: number }>();
  private usedBytes = 0;

  /** @param maxBytes estimated bytes of all values together; 0 keeps nothing */
  constructor(private readonly maxBytes: number) {}

  get bytes(): number {
    return this.usedBytes;
  }

  get(key: string): unknown {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: unknown, bytes: number): void {
    this.remove(key);
    if (bytes > this.maxBytes) return;
    this.entries.set(key, { value, bytes });
    this.usedBytes += bytes;
    for (const oldest of this.entries.keys()) {
      if (this.usedBytes <= this.maxBytes) break;
      this.remove(oldest);
    }
  }

  private remove(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    this.usedBytes -= entry.bytes;
  }
}

/**
 * The same bytes in memory of their own. What zlib and Buffer hand out is often a piece of a larger block (16 KiB, say),
 * which stays as long as the piece does: kept in a cache, it takes many times the bytes that it counts for.
 */
export function exactCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
