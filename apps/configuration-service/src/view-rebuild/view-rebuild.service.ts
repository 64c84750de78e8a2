import { type RebuildReport } from '@keptn/api-models';
import { LOGGER } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { nanosecondsNow } from '../domain/creation-date';
import { OpenItemsOfServices } from '../view/open-items';
import { ServiceViewStore } from '../view/service-view.store';
import { ViewReconciliation } from '../view/view-reconciliation';
import { EventLog } from './event-log';
import { type Closing, LogDigest } from './log-digest';

/**
 * Rebuilds the view while it is in use: its structure from Git, and what events say about services from their log. What
 * comes in meanwhile is newer than what the log had at the start, and stays.
 */
@Injectable()
export class ViewRebuildService {
  private running: Promise<RebuildReport> | undefined;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly reconciliation: ViewReconciliation,
    private readonly log: EventLog,
    private readonly services: ServiceViewStore,
    private readonly items: OpenItemsOfServices,
  ) {}

  /** Callers that ask while it runs get the same report. @throws ServiceUnavailable when Git or the log cannot be read */
  async rebuild(): Promise<RebuildReport> {
    this.running ??= this.run().finally(() => {
      this.running = undefined;
    });
    return await this.running;
  }

  private async run(): Promise<RebuildReport> {
    const start = nanosecondsNow();
    const closedMeanwhile: Closing[] = [];
    const stopWatching = this.items.onClose((scope, items, field, value) => {
      closedMeanwhile.push({ scope, items, field, value });
    });
    try {
      await this.reconciliation.compareEverything();
      const digest = await this.digest();
      await this.services.restoreEvents(digest.lastEvents, digest.deployments, start);
      for (const { scope, items, item } of digest.opened) {
        await this.services.open(scope, items, item);
      }
      for (const { scope, items, field, value } of [...digest.closed, ...closedMeanwhile]) {
        await this.services.close(scope, items, field, value);
      }
      const report = { events: digest.eventCount, open: digest.opened.length };
      this.logger.info(report, 'the view is rebuilt from Git and the event log');
      return report;
    } finally {
      stopWatching();
    }
  }

  private async digest(): Promise<LogDigest> {
    const digest = new LogDigest();
    for await (const event of this.log.events()) {
      digest.add(event);
    }
    return digest;
  }
}
