import { EventEmitter } from 'node:events';

const STORED = 'stored';

/** Wakes the readers of this process when it has stored events; events of other replicas are found by looking. */
export class LogSignal {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private announcements = 0;

  /** How often events were announced. */
  get count(): number {
    return this.announcements;
  }

  announce(): void {
    this.announcements++;
    this.emitter.emit(STORED);
  }

  /**
   * Resolves at the next announcement, after `timeoutMs`, or when `signal` aborts, whichever is first.
   *
   * @param since the count when the caller looked for the last time; resolves at once if it has changed
   */
  next(since: number, timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || since !== this.announcements) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.emitter.off(STORED, finish);
        signal.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, timeoutMs);
      this.emitter.once(STORED, finish);
      signal.addEventListener('abort', finish, { once: true });
    });
  }
}
