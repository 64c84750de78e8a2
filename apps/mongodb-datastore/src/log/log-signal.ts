import { EventEmitter } from 'node:events';

const STORED = 'stored';

/** Wakes the readers of this process when it has stored events; events of other replicas are found by looking. */
export class LogSignal {
  private readonly emitter = new EventEmitter().setMaxListeners(0);

  announce(): void {
    this.emitter.emit(STORED);
  }

  /** Resolves at the next announcement, after `timeoutMs`, or when `signal` aborts, whichever is first. */
  next(timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
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
