/** How far a subscription has come: everything up to `position` is done, but for what is `open`. */
export interface Checkpoint {
  readonly position: number;
  /** Sequence numbers up to the position that are still to be delivered, ascending. */
  readonly open: readonly number[];
}

/** Everything up to this sequence number is done. */
export const doneUpTo = ({ open, position }: Checkpoint): number => (open[0] ?? position + 1) - 1;
