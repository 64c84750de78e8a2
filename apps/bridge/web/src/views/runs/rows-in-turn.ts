/** A row of a virtual list. */
export interface Row {
  readonly key: number | string | bigint;
  readonly index: number;
}

/** The rows that are on the screen, by their indices. */
export interface ScreenRange {
  readonly startIndex: number;
  readonly endIndex: number;
}

/**
 * Says which rows of a virtual list are rendered, so that no frame has much to do: those on the screen at once, and of those beside it one
 * more in each frame. What is wanted no more goes in a frame in which none comes.
 */
export class RowsInTurn<Wanted extends Row> {
  private rendered: ReadonlyMap<Row['key'], Wanted> = new Map();
  private lastNewIn: unknown;

  /**
   * @param wanted rows on the screen and beside it, in their order
   * @param frame tells one frame from another
   * @returns in their order
   */
  choose(wanted: readonly Wanted[], { startIndex, endIndex }: ScreenRange, frame: unknown): readonly Wanted[] {
    const missing = wanted.filter(({ key }) => !this.rendered.has(key));
    const onScreen = missing.filter(({ index }) => index >= startIndex && index <= endIndex);
    // Down comes before up.
    const next = missing.find(({ index }) => index > endIndex) ?? missing.at(-1);
    const isTurn = next !== undefined && onScreen.length === 0 && frame !== this.lastNewIn;
    const added = isTurn ? [next] : onScreen;
    if (added.length > 0) this.lastNewIn = frame;
    const rows = wanted.filter((row) => this.rendered.has(row.key) || added.includes(row));
    const leaving = isTurn ? this.leaving(wanted) : [];
    this.rendered = new Map(rows.map((row) => [row.key, row]));
    return leaving.length === 0 ? rows : [...leaving, ...rows].sort((one, other) => one.index - other.index);
  }

  private leaving(wanted: readonly Wanted[]): readonly Wanted[] {
    const keys = new Set(wanted.map(({ key }) => key));
    return [...this.rendered.values()].filter(({ key }) => !keys.has(key));
  }
}
