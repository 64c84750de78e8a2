/** Record ids in one chunk of the bitmap. */
const CHUNK = 32_768;
/** Up to this many ids a Set is smaller than the bitmap. */
const SMALL = 1024;

/** A set of record ids that takes a bit for each when there are many, as ids are close together. */
export class RecordSet {
  private small: Set<number> | undefined = new Set();
  private readonly chunks = new Map<number, Uint32Array>();

  /** Adds an id. @returns false when it was there already */
  add(id: number): boolean {
    if (this.small === undefined) return this.setBit(id);
    if (this.small.has(id)) return false;
    this.small.add(id);
    if (this.small.size > SMALL) {
      for (const known of this.small) this.setBit(known);
      this.small = undefined;
    }
    return true;
  }

  private setBit(id: number): boolean {
    const number = Math.floor(id / CHUNK);
    let chunk = this.chunks.get(number);
    if (chunk === undefined) {
      chunk = new Uint32Array(CHUNK / 32);
      this.chunks.set(number, chunk);
    }
    const offset = id % CHUNK;
    const word = chunk[offset >>> 5] ?? 0;
    const bit = 1 << (offset & 31);
    if ((word & bit) !== 0) return false;
    chunk[offset >>> 5] = word | bit;
    return true;
  }
}
