/**
 * The events that were visible at one moment. Their sequence numbers tell: those that become visible later have higher ones,
 * or, when several writers were at work, numbers that are missing here.
 */
export class LogSnapshot {
  /** The highest sequence number that can be in it. */
  readonly highest: number;

  /**
   * @param settled every event up to this number is in it
   * @param beyond the numbers behind that are in it
   */
  constructor(
    private readonly settled: number,
    private readonly beyond: ReadonlySet<number>,
  ) {
    this.highest = Math.max(settled, ...beyond);
  }

  holds(sequence: number): boolean {
    return sequence <= this.settled || this.beyond.has(sequence);
  }
}
