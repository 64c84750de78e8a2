import { setTimeout as delay } from 'node:timers/promises';
import { type UpstreamState } from '@keptn/api-models';
import {
  GitStoreError,
  GitUnusable,
  ReferenceLocked,
  type Repository,
  Upstream,
  type UpstreamConflict,
  type UpstreamRemote,
} from '@keptn/git-store';
import { type Logger } from 'pino';

/** Milliseconds before the first repetition; twice as long each time, up to the longest. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** How often in a row somebody else may be faster before the upstream counts as failing. */
const PUSH_ATTEMPTS = 5;

export interface UpstreamWork {
  readonly repository: Repository;
  readonly remote: UpstreamRemote;
  readonly logger: Logger;
  /** Milliseconds between two looks at the upstream. */
  readonly fetchInterval: number;
  /** Runs `integrate` while nothing else changes the project's structure, and brings its outcome into the view. */
  readonly integrating: (
    integrate: () => Promise<{ readonly moved: readonly string[] }>,
    signal: AbortSignal,
  ) => Promise<void>;
}

/** Keeps one project and its upstream together: pushes after commits, fetches now and then, repeats what fails. */
export class UpstreamWorker {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private upstream: Upstream | undefined;
  private distance = { ahead: 0, behind: 0 };
  private conflicts: readonly UpstreamConflict[] = [];
  private failure: { readonly since: Date; readonly message: string; readonly attempts: number } | undefined;
  private nextFetch = 0;
  /** Counts the reasons to push; an attempt serves those up to its start. */
  private requested = 1;
  private served = 0;
  private sleep = new AbortController();
  private waiting: { readonly request: number; readonly resolve: () => void }[] = [];

  constructor(private readonly work: UpstreamWork) {
    this.running = this.run();
  }

  get state(): UpstreamState {
    const conflicts = this.conflicts.map(({ branch, paths }) => ({ branch, paths: [...paths] }));
    return {
      inSync: this.failure === undefined && conflicts.length === 0 && this.upstream?.isInSync() === true,
      ...this.distance,
      ...(this.failure && { failingSince: this.failure.since.toISOString(), lastError: this.failure.message }),
      ...(conflicts.length > 0 && { conflicts }),
    };
  }

  get isFailing(): boolean {
    return this.failure !== undefined;
  }

  /** Something was written. */
  wake(): void {
    this.requested++;
    if (!this.isFailing) {
      this.sleep.abort();
    }
  }

  /** Waits until what is committed now was pushed, or the attempt failed. An upstream that fails is tried again at once. */
  async pushed(): Promise<void> {
    if (this.isStopping) {
      return;
    }
    const request = ++this.requested;
    const done = new Promise<void>((resolve) => this.waiting.push({ request, resolve }));
    this.sleep.abort();
    await done;
  }

  /** Ends what is under way; what is not pushed is found by the next worker. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.sleep.abort();
    await this.running;
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async run(): Promise<void> {
    while (!this.isStopping) {
      const request = this.requested;
      await this.attempt();
      this.served = request;
      const done = this.waiting.filter((each) => each.request <= request);
      this.waiting = this.waiting.filter((each) => !done.includes(each));
      for (const { resolve } of done) {
        resolve();
      }
      await this.pause();
    }
    for (const { resolve } of this.waiting) {
      resolve();
    }
  }

  private async pause(): Promise<void> {
    if (this.isStopping) {
      return;
    }
    this.sleep = new AbortController();
    if (this.waiting.length > 0 || (!this.isFailing && this.requested > this.served)) {
      return;
    }
    const untilFetch = Math.max(0, this.nextFetch - Date.now());
    const duration = this.failure === undefined ? untilFetch : pauseAfter(this.failure.attempts);
    await delay(duration, undefined, { ref: false, signal: this.sleep.signal }).catch(ignore);
  }

  private async attempt(): Promise<void> {
    try {
      await this.synchronize();
      if (this.failure !== undefined) {
        this.work.logger.info('the upstream repository is in step again');
      }
      this.failure = undefined;
    } catch (error) {
      if (this.isStopping) {
        return;
      }
      this.recordFailure(error);
    } finally {
      this.distance = (await this.upstream?.distance().catch(ignore)) ?? this.distance;
    }
  }

  private recordFailure(error: unknown): void {
    const message = publicMessageOf(error);
    const { since = new Date(), attempts = 0 } = this.failure ?? {};
    if (this.failure?.message !== message) {
      const details = message === UNEXPECTED ? { err: error } : { reason: message };
      this.work.logger.warn(details, 'the upstream repository fails; trying again until it works');
    }
    this.failure = { since, message, attempts: attempts + 1 };
  }

  private async synchronize(): Promise<void> {
    const { repository, remote, fetchInterval } = this.work;
    const upstream = (this.upstream ??= await Upstream.open(repository, remote, this.stopping.signal));
    if (Date.now() >= this.nextFetch) {
      await upstream.fetch();
      this.nextFetch = Date.now() + fetchInterval;
      await this.integrate(upstream);
    } else if (this.conflicts.length > 0) {
      await this.integrate(upstream);
    }
    for (let attempt = 1; !(await upstream.push(this.conflicting)); attempt++) {
      if (attempt === PUSH_ATTEMPTS) {
        throw new Outpaced();
      }
      await upstream.fetch();
      await this.integrate(upstream);
    }
  }

  private get conflicting(): ReadonlySet<string> {
    return new Set(this.conflicts.map(({ branch }) => branch));
  }

  private async integrate(upstream: Upstream): Promise<void> {
    await this.work.integrating(async () => {
      const outcome = await upstream.integrate();
      this.recordConflicts(outcome.conflicts);
      return outcome;
    }, this.stopping.signal);
  }

  private recordConflicts(conflicts: readonly UpstreamConflict[]): void {
    const before = new Set(this.conflicts.map(({ message }) => message));
    for (const { branch, paths, message } of conflicts) {
      if (!before.has(message)) {
        this.work.logger.warn({ branch, paths }, 'the upstream repository conflicts');
      }
    }
    this.conflicts = conflicts;
  }
}

/** Others were faster each time. */
class Outpaced extends GitStoreError {
  constructor() {
    super('others push to the upstream repository all the time');
  }
}

const UNEXPECTED = 'internal error; the log of the service tells more';

/** What a client may read: other errors can name files of this machine. */
function publicMessageOf(error: unknown): string {
  const isInternal = error instanceof GitUnusable || error instanceof ReferenceLocked;
  return error instanceof GitStoreError && !isInternal ? error.message : UNEXPECTED;
}

function pauseAfter(attempts: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1));
}

const ignore = (): undefined => undefined;
