import { setTimeout as delay } from 'node:timers/promises';
import { type ProjectName } from '@keptn/event-models';
import { LOGGER } from '@keptn/service-kit';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { ProjectAnswers } from './project-answers';

/** Milliseconds between two rounds: what is created in between is read together. */
const PAUSE_MS = 500;

/**
 * Reads the services of projects before a client asks, so that nobody waits for the first answer about a large project. As
 * long as there is room; a project that is left out is read when it is asked for.
 */
@Injectable()
export class AnswerPreparation implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly waiting = new Set<ProjectName>();
  private running: Promise<void> | undefined;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly answers: ProjectAnswers,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Asks for some projects; they are read in the background, one after the other. */
  request(projects: readonly ProjectName[]): void {
    if (projects.length === 0 || this.stopping.signal.aborted) {
      return;
    }
    projects.forEach((project) => this.waiting.add(project));
    this.running ??= this.run();
  }

  private async run(): Promise<void> {
    while (this.waiting.size > 0 && !this.stopping.signal.aborted) {
      const round = [...this.waiting];
      this.waiting.clear();
      for (const project of round) {
        await this.prepare(project);
      }
      await delay(PAUSE_MS, undefined, { ref: false, signal: this.stopping.signal }).catch(ignore);
    }
    this.running = undefined;
  }

  private async prepare(project: ProjectName): Promise<void> {
    if (this.stopping.signal.aborted || !this.answers.hasRoom) {
      return;
    }
    try {
      await this.answers.of([project]);
    } catch (error) {
      this.logger.debug({ project, err: error }, 'cannot read a project ahead; the next request reads it');
    }
  }
}

const ignore = (): void => {
  // Only the shutdown ends the pause early.
};
