/** Resolves when the dependency can be used; rejects with the reason when it cannot. */
export type ReadinessCheck = () => Promise<void>;

export interface ReadinessReport {
  readonly ready: boolean;
  /** `OK` or the reason, by name of the dependency. */
  readonly checks: Readonly<Record<string, string>>;
}

/** A dependency that takes longer than this counts as not ready. */
const CHECK_TIMEOUT_MS = 2_000;

/** What the service needs to do its work. Modules add their dependencies; `/ready` asks all of them. */
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();
  private shuttingDown = false;

  /** @param name the dependency as operators know it, e.g. `mongodb` */
  add(name: string, check: ReadinessCheck): void {
    this.checks.set(name, check);
  }

  /** From now on the service reports itself as not ready, so that load balancers stop sending requests. */
  beginShutdown(): void {
    this.shuttingDown = true;
  }

  get isShuttingDown(): boolean {
    return this.shuttingDown;
  }

  async report(): Promise<ReadinessReport> {
    if (this.shuttingDown) {
      return { ready: false, checks: { service: 'shutting down' } };
    }
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await outcomeOf(check)] as const),
    );
    return { ready: results.every(([, outcome]) => outcome === 'OK'), checks: Object.fromEntries(results) };
  }
}

const outcomeOf = async (check: ReadinessCheck): Promise<string> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, CHECK_TIMEOUT_MS, `no answer within ${CHECK_TIMEOUT_MS} ms`);
  });
  try {
    return await Promise.race([check().then(() => 'OK'), timeout]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
};
