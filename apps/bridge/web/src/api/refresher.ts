/** From an event to the read that it causes, in milliseconds: events often come in groups. */
const GROUP_MS = 50;

/** Between two reads of the same thing while events stream in, in milliseconds. */
const STREAM_PAUSE_MS = 1_000;

/** Before reads that follow one that was behind, in milliseconds; then the next event has to come. */
const BEHIND_PAUSES_MS = [1_000, 3_000, 10_000];

/** Of an answer that is behind any position, even that of an empty log. */
export const NO_POSITION = -1;

/**
 * Reads something.
 *
 * @param wanted sequence number of the log that has to be in the answer
 * @returns up to which one everything is; Infinity for an answer that is made from the log itself
 */
export type Read = (wanted: number) => Promise<number>;

interface Refresh {
  wanted: number;
  /** Reads in a row that were behind. */
  behind: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether it is to be read when the pause is over. */
  isTouched: boolean;
}

/** Reads something again after events: once for each group of them, about once a second while they stream in. */
export class Refresher {
  private readonly open = new Map<string, Refresh>();

  /**
   * @param key of what is read again
   * @param sequence of the event
   */
  touch(key: string, sequence: number, read: Read): void {
    const refresh = this.open.get(key);
    if (refresh === undefined) {
      this.open.set(key, { wanted: sequence, behind: 0, isTouched: true, timer: undefined });
      this.schedule(key, GROUP_MS, read);
      return;
    }
    refresh.wanted = Math.max(refresh.wanted, sequence);
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
    // What fails says so itself, and is read again like what is behind.
    const position = await read(wanted).catch(() => NO_POSITION);
    if (this.open.get(key) !== refresh) return;
    if (position >= wanted) {
      refresh.behind = 0;
      this.schedule(key, STREAM_PAUSE_MS, read);
      return;
    }
    const pause = BEHIND_PAUSES_MS[refresh.behind++];
    refresh.isTouched ||= pause !== undefined;
    this.schedule(key, pause ?? STREAM_PAUSE_MS, read);
  }
}
