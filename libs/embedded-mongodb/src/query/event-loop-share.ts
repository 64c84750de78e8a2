/** Milliseconds of work after which other clients get their turn. */
const SLICE_MS = 8;

/** Says when synchronous work has to let the event loop go on, and waits for its next turn. */
export class EventLoopShare {
  private end = performance.now() + SLICE_MS;

  get isUsedUp(): boolean {
    return performance.now() >= this.end;
  }

  async nextTurn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.end = performance.now() + SLICE_MS;
  }
}
