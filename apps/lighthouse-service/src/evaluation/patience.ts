import { notEvaluated } from '@keptn/quality-gate';
import { LOGGER, ServiceError, SETTINGS } from '@keptn/service-kit';
import { EventRefused, type FollowUp } from '@keptn/service-kit/reacting';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { type Settings } from '../settings';
import { type EvaluationOutcome } from './evaluation-events';

/** How long an evaluation waits for what it needs: what cannot be read is tried again, and then ends as `failed`, never as a pass. */
@Injectable()
export class Patience {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @param since time of the event that is reacted to
   * @param work throws when something cannot be read
   * @param end how the evaluation ends when it has waited long enough
   * @throws what `work` throws, to have the event sent again
   */
  async with(
    since: string,
    work: () => Promise<readonly FollowUp[]>,
    end: (outcome: EvaluationOutcome) => readonly FollowUp[],
  ): Promise<readonly FollowUp[]> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof EventRefused || !this.isOver(since)) throw error;
      const reason = error instanceof ServiceError ? error.message : 'lighthouse-service failed, its log says why';
      this.logger.error({ err: error }, 'an evaluation could not be made in time');
      const message = `the evaluation could not be made in time: ${reason}`;
      return end({ evaluation: notEvaluated('failed', message), sloText: '', reasons: [message] });
    }
  }

  private isOver(since: string): boolean {
    return Date.now() > Date.parse(since) + this.settings.EVALUATION_TIMEOUT_MS;
  }
}
