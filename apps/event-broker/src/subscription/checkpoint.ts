/** How far a subscription has come: everything up to `position` is done, but for what is `open`. */
export interface Checkpoint {
  readonly position: number;
  /** Sequence numbers up to the position that are still to be delivered, ascending. */
  readonly open: readonly number[];
}
