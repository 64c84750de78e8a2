/**
 * The events that were visible at one moment. Their sequence numbers tell: those that become visible later have higher ones,
 * or, when several writers were at work, numbers that are missing here.
 */
export class LogSnapshot {
  /** The highest sequence number that can be in it. */
  readonly highest: number;

  /**
   * @param watermark every event up to this number is in it
   * @param beyond the numbers behind that are in it
   */
  constructor(
    private readonly watermark: number,
    private readonly beyond: ReadonlySet<number>,
  ) {
    this.highest = Math.max(watermark, ...beyond);
  }

  holds(sequence: number): boolean {
    return sequence <= this.watermark || this.beyond.has(sequence);
  }
}
