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

/** Rows that were wanted a moment ago and may still be rendered; more of them would be as much work as they save. */
const MOST_LEAVING = 2;

/**
 * Says which rows of a virtual list are rendered, so that no frame has much to do: those on the screen at once; of those beside it one more
 * in each frame in which the list does not move. What is wanted no more goes in a frame in which nothing else happens.
 */
export class RowsInTurn<Wanted extends Row> {
  private rendered: ReadonlyMap<Row['key'], Wanted> = new Map();
  private first: number | undefined;
  /** The last frame in which the list moved or a row came. */
  private busyIn: unknown;

  /**
   * @param wanted rows on the screen and beside it, in their order
   * @param frame tells one frame from another
   * @returns in their order
   */
  choose(wanted: readonly Wanted[], { startIndex, endIndex }: ScreenRange, frame: unknown): readonly Wanted[] {
    const missing = wanted.filter(({ key }) => !this.rendered.has(key));
    const onScreen = missing.filter(({ index }) => index >= startIndex && index <= endIndex);
    const hasMoved = this.first !== wanted[0]?.index;
    this.first = wanted[0]?.index;
    // Down comes before up.
    const next = missing.find(({ index }) => index > endIndex) ?? missing.at(-1);
    const isTurn = next !== undefined && onScreen.length === 0 && !hasMoved && frame !== this.busyIn;
    const added = isTurn ? [next] : onScreen;
    if (added.length > 0 || hasMoved) this.busyIn = frame;
    const rows = wanted.filter((row) => this.rendered.has(row.key) || added.includes(row));
    const leaving = this.busyIn === frame && onScreen.length === 0 ? this.leaving(wanted) : [];
    const chosen = [...leaving, ...rows].sort((one, other) => one.index - other.index);
    this.rendered = new Map(chosen.map((row) => [row.key, row]));
    return chosen;
  }

  private leaving(wanted: readonly Wanted[]): readonly Wanted[] {
    const keys = new Set(wanted.map(({ key }) => key));
    const leaving = [...this.rendered.values()].filter(({ key }) => !keys.has(key));
    return leaving.length > MOST_LEAVING ? [] : leaving;
  }
}
