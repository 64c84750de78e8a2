import { setTimeout as delay } from 'node:timers/promises';

/** Resolves after `ms` milliseconds, or when `signal` aborts. It keeps no process from ending. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  await delay(ms, undefined, { ref: false, signal }).catch(() => undefined);
}

/** Work in the background that is done again and again, from the start of a service to its end. */
export class RepeatedTask {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private isWoken = false;
  private endSleep: () => void = () => undefined;

  /**
   * @param round does the work once and never rejects; answers the pause before the next round, in milliseconds, or undefined to
   * sleep until {@link wake} is called
   */
  constructor(private readonly round: (signal: AbortSignal) => Promise<number | undefined>) {}

  /** Aborts when the task is to stop. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  start(): void {
    this.running = this.run();
  }

  /** There is work again: ends a sleep, the one that the round under way is about to ask for included. It shortens no pause. */
  wake(): void {
    this.isWoken = true;
    this.endSleep();
  }

  /** Resolves when the round that is under way has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.endSleep();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      this.isWoken = false;
      const ms = await this.round(signal);
      await (ms === undefined ? this.sleep() : pause(ms, signal));
    }
  }

  private async sleep(): Promise<void> {
    if (this.isWoken || this.stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.endSleep = resolve;
    });
  }
}
