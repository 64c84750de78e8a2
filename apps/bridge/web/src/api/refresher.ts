/**
 * Milliseconds after an event at which what it touches is read again. Read models follow the log: they nearly always have the event
 * after the first pause, and the others are for a busy system.
 */
const PAUSES_MS = [150, 800, 2_500, 6_000];

/** Where a stream of events that touch the same thing begins again, so that it is read about once a second. */
const UNDER_LOAD = 1;

interface Refresh {
  next: number;
  timer: ReturnType<typeof setTimeout>;
}

/** Repeats something soon after each event, and at most about once a second. */
export class Refresher {
  private readonly open = new Map<string, Refresh>();

  /**
   * @param key of what is read again
   * @param read called after each pause
   */
  touch(key: string, read: () => void): void {
    const refresh = this.open.get(key);
    if (refresh !== undefined) {
      refresh.next = Math.min(refresh.next, UNDER_LOAD);
      return;
    }
    this.schedule(key, 0, read);
  }

  stop(): void {
    for (const { timer } of this.open.values()) clearTimeout(timer);
    this.open.clear();
  }

  private schedule(key: string, index: number, read: () => void): void {
    const timer = setTimeout(() => {
      const { next } = this.open.get(key) ?? { next: PAUSES_MS.length };
      this.open.delete(key);
      read();
      if (next < PAUSES_MS.length) this.schedule(key, next, read);
    }, PAUSES_MS[index]);
    this.open.set(key, { next: index + 1, timer });
  }
}
