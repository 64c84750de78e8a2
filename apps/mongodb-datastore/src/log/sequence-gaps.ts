/** Bounds the memory for sightings; a number is given up at most one part of the patience late. */
const SIGHTINGS_KEPT = 10;

/**
 * Decides about numbers that are missing between visible ones. Numbers are taken before their events are written, by several
 * replicas at once, so a missing number is either about to become visible or will never be: its event was a duplicate, its
 * project was deleted, its writer died. A reader that keeps the order waits for the former and passes over the latter.
 *
 * A number is given up once a higher one has been visible for the time that a writer may take from number to event; writers
 * that need longer take new numbers. Numbers that this process itself abandoned need no waiting.
 */
export class SequenceGaps {
  /** Every number up to here is visible or given up. */
  private watermark = 0;
  private sightings: { readonly highest: number; readonly at: number }[] = [];
  private readonly abandoned = new Set<number>();

  /**
   * @param patienceMs how long a higher number must have been visible
   * @param now milliseconds of a clock that never goes back
   */
  constructor(
    private readonly patienceMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Notes that `sequence` is visible. Sightings close in time count as one, the later one. */
  sight(sequence: number): void {
    this.settle();
    const last = this.sightings.at(-1);
    const isHigher = sequence > (last?.highest ?? this.watermark);
    if (isHigher && (last === undefined || this.now() - last.at >= this.patienceMs / SIGHTINGS_KEPT)) {
      this.sightings.push({ highest: sequence, at: this.now() });
    }
  }

  /** Notes that nobody will ever store these numbers. */
  abandon(sequences: readonly number[]): void {
    for (const sequence of sequences) {
      this.abandoned.add(sequence);
    }
  }

  /** Whether a reader may pass over all numbers from `first` to `last`, none of which is visible. */
  mayPass(first: number, last: number): boolean {
    this.settle();
    for (let sequence = Math.max(first, this.watermark + 1); sequence <= last; sequence++) {
      if (!this.abandoned.has(sequence)) return false;
    }
    return true;
  }

  private settle(): void {
    const deadline = this.now() - this.patienceMs;
    const stable = this.sightings.filter(({ at }) => at <= deadline).at(-1);
    if (stable === undefined) return;
    this.watermark = stable.highest;
    this.sightings = this.sightings.filter(({ highest }) => highest > stable.highest);
    for (const sequence of this.abandoned) {
      if (sequence <= this.watermark) this.abandoned.delete(sequence);
    }
  }
}
