/** From an event to the read that it causes, in milliseconds: events often come in groups. */
const GROUP_MS = 50;

/** Between two reads of the same thing while events stream in, in milliseconds. */
const STREAM_PAUSE_MS = 1_000;

/** Before reads that follow one that was behind, in milliseconds; then the next event has to come. After failures the last one repeats. */
const PAUSES_MS = [1_000, 3_000, 10_000];

/** Of an answer that is behind any position, even that of an empty log. */
export const NO_POSITION = -1;

/**
 * Reads something. What rejects is read again until it is answered.
 *
 * @param wanted sequence number of the log that has to be in the answer
 * @returns up to which one everything is; Infinity for an answer that is made from the log itself
 */
export type Read = (wanted: number) => Promise<number>;

interface Refresh {
  wanted: number;
  /** Answers that were behind since the last event. */
  behind: number;
  /** Reads in a row that failed, whatever events come meanwhile: who cannot answer is asked less often. */
  failures: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether it is to be read when the pause is over. */
  isTouched: boolean;
}

/** Reads something again after events: once for each group of them, about once a second while they stream in. */
export class Refresher {
  private readonly open = new Map<string, Refresh>();

  /** @param giveUp told the sequence number that is not in the answer after all pauses */
  constructor(private readonly giveUp: (wanted: number) => void = () => undefined) {}

  /**
   * @param key of what is read again
   * @param sequence of the event
   */
  touch(key: string, sequence: number, read: Read): void {
    const refresh = this.open.get(key);
    if (refresh === undefined) {
      this.open.set(key, { wanted: sequence, behind: 0, failures: 0, isTouched: true, timer: undefined });
      this.schedule(key, GROUP_MS, read);
      return;
    }
    refresh.wanted = Math.max(refresh.wanted, sequence);
    refresh.behind = 0;
    refresh.isTouched = true;
  }

  stop(): void {
    for (const { timer } of this.open.values()) clearTimeout(timer);
    this.open.clear();
  }

  private schedule(key: string, pause: number, read: Read): void {
    const refresh = this.open.get(key);
    if (refresh === undefined) return;
    refresh.timer = setTimeout(() => {
      if (refresh.isTouched) void this.run(key, refresh, read);
      else this.open.delete(key);
    }, pause);
  }

  private async run(key: string, refresh: Refresh, read: Read): Promise<void> {
    const { wanted } = refresh;
    refresh.isTouched = false;
    const position = await read(wanted).catch(() => undefined);
    if (this.open.get(key) !== refresh) return;
    if (position !== undefined) refresh.failures = 0;
    if (position !== undefined && position >= wanted) {
      this.schedule(key, STREAM_PAUSE_MS, read);
      return;
    }
    const pause =
      position === undefined
        ? PAUSES_MS[Math.min(refresh.failures++, PAUSES_MS.length - 1)]
        : PAUSES_MS[refresh.behind++];
    if (pause === undefined) this.giveUp(wanted);
    else refresh.isTouched = true;
    this.schedule(key, pause ?? STREAM_PAUSE_MS, read);
  }
}
