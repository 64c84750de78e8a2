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

  /** @param round does the work once and never rejects; answers the pause before the next round, in milliseconds */
  constructor(private readonly round: (signal: AbortSignal) => Promise<number>) {}

  /** Aborts when the task is to stop. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  start(): void {
    this.running = this.run();
  }

  /** Resolves when the round that is under way has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) await pause(await this.round(signal), signal);
  }
}
