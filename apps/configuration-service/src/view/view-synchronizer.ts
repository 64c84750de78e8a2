import { type ProjectName } from '@keptn/event-models';
import { LOGGER } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { AnswerPreparation } from './answer-preparation';
import { ViewReconciliation } from './view-reconciliation';

/**
 * Carries a change that was just made in Git into the view. Git is the truth: should the process die in between, the next
 * start compares the two. While it lives, a view that cannot be written is not asked until it has been compared.
 */
@Injectable()
export class ViewSynchronizer {
  constructor(
    private readonly reconciliation: ViewReconciliation,
    private readonly preparation: AnswerPreparation,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * For something new: when the view does not take it, it is taken back from Git, and the caller gets the view's error.
   * @param project in which it is new
   * @param undo takes it back from Git
   */
  async afterCreation(project: ProjectName, writeView: () => Promise<void>, undo: () => Promise<void>): Promise<void> {
    try {
      await writeView();
      this.preparation.request([project]);
    } catch (error) {
      // The failed write may have reached the database all the same.
      this.reconciliation.request();
      await undo().catch((undoError: unknown) => {
        this.logger.error({ err: undoError }, 'cannot take back from Git what the view did not take; it stays');
      });
      throw error;
    }
  }

  /** For something that is gone or changed in Git for good: the caller gets the view's error, and the view catches up. */
  async afterChange(writeView: () => Promise<void>): Promise<void> {
    try {
      await writeView();
    } catch (error) {
      this.reconciliation.request();
      throw error;
    }
  }
}
