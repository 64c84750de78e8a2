import { LOGGER, RepeatedTask } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger } from 'pino';
import { ProjectDeletion } from './project-deletion';

/** Milliseconds between two looks: at the start for what this replica left, later for what others did. */
const INTERVAL_MS = 60_000;

/** Until the database can be used. */
const RETRY_MS = 1_000;

/** Ends the deletions of projects that a crash interrupted. */
@Injectable()
export class InterruptedDeletions implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly task = new RepeatedTask(() => this.resume());

  constructor(
    private readonly projects: ProjectDeletion,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.task.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.task.stop();
  }

  private async resume(): Promise<number> {
    try {
      await this.projects.resume();
      return INTERVAL_MS;
    } catch (error) {
      this.logger.debug({ err: error }, 'interrupted deletions are looked for again');
      return RETRY_MS;
    }
  }
}
