import { setTimeout as delay } from 'node:timers/promises';
import { type UpstreamState } from '@keptn/api-models';
import { type ProjectName } from '@keptn/event-models';
import { type Repository, type UpstreamRemote } from '@keptn/git-store';
import { LOGGER, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { ProjectQueue } from '../git/project-queue';
import { type Settings } from '../settings';
import { ViewReconciliation } from '../view/view-reconciliation';
import { UpstreamWorker } from './upstream-worker';

/** How long a caller waits for a push. */
export interface PushWait {
  /** Milliseconds, at most. */
  readonly within: number;
  /** An upstream that fails is tried again at once; otherwise nobody waits for it. */
  readonly retry: boolean;
}

/** One worker for each project that has an upstream. */
@Injectable()
export class UpstreamWorkers {
  private readonly workers = new Map<ProjectName, UpstreamWorker>();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly queue: ProjectQueue,
    private readonly reconciliation: ViewReconciliation,
  ) {}

  /** Undefined for a project without an upstream. */
  state(project: ProjectName): UpstreamState | undefined {
    return this.workers.get(project)?.state;
  }

  /** Does nothing for a project that has a worker. */
  start(project: ProjectName, repository: Repository, remote: UpstreamRemote): void {
    if (this.workers.has(project)) {
      return;
    }
    const worker = new UpstreamWorker({
      repository,
      remote,
      logger: this.logger.child({ project }),
      fetchInterval: this.settings.UPSTREAM_FETCH_INTERVAL_MS,
      integrating: (integrate, signal) => this.integrating(project, integrate, signal),
    });
    this.workers.set(project, worker);
  }

  /** Something was written to a project. */
  wake(project: ProjectName): void {
    this.workers.get(project)?.wake();
  }

  /** Waits until what is committed now was pushed or could not be, or the time is over. */
  async pushed(project: ProjectName, { within, retry }: PushWait): Promise<void> {
    const worker = this.workers.get(project);
    if (worker === undefined || (worker.isFailing && !retry)) {
      return;
    }
    const over = new AbortController();
    const timeout = delay(within, undefined, { ref: false, signal: over.signal }).catch(() => undefined);
    await Promise.race([worker.pushed(), timeout]);
    over.abort();
  }

  async stop(project: ProjectName): Promise<void> {
    const worker = this.workers.get(project);
    this.workers.delete(project);
    await worker?.stop();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.workers.values()].map((worker) => worker.stop()));
  }

  private async integrating(
    project: ProjectName,
    integrate: () => Promise<{ readonly moved: readonly string[] }>,
    signal: AbortSignal,
  ): Promise<void> {
    await this.queue.run(project, async () => {
      if (signal.aborted) {
        return;
      }
      const { moved } = await integrate();
      if (moved.length === 0) {
        return;
      }
      this.logger.info({ project, branches: moved }, 'commits of the upstream repository have come');
      try {
        await this.reconciliation.compareIfReadable(project);
      } catch (error) {
        this.reconciliation.request();
        throw error;
      }
    });
  }
}
