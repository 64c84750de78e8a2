import { describeDatabaseError } from '@keptn/mongodb-connection';
import { LOGGER } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { type DeliveryReport, DeliveryStore } from './delivery.store';

/** Reports that may wait while the database is slow; of further ones those of plain successes are left out. */
const MOST_WAITING = 5_000;

/** Collects what became of events and writes it in groups, since a write for each would cost more than the delivery. */
@Injectable()
export class DeliveryJournal {
  private waiting = new Map<string, DeliveryReport>();

  constructor(
    private readonly store: DeliveryStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  add(report: DeliveryReport): void {
    const isNews = report.outcome !== 'delivered';
    if (this.waiting.size >= MOST_WAITING && !isNews) return;
    this.waiting.set(`${report.subscription}:${report.event.sequence}`, report);
  }

  /** Whether something is to be written of this delivery. */
  has({ subscription, event }: Pick<DeliveryReport, 'event' | 'subscription'>): boolean {
    return this.waiting.has(`${subscription}:${event.sequence}`);
  }

  /** Writes none of what waits: another replica makes these deliveries again, and knows better. */
  drop(): void {
    this.waiting = new Map();
  }

  /** @returns whether nothing of it has to wait for the database */
  async flush(): Promise<boolean> {
    const reports = [...this.waiting.values()];
    if (reports.length === 0) return true;
    this.waiting = new Map();
    try {
      await this.store.write(reports);
      return true;
    } catch (error) {
      const passesByItself = describeDatabaseError(error) !== error;
      if (passesByItself) this.keep(reports);
      const outcome = passesByItself ? 'cannot be recorded yet' : 'could not be recorded';
      this.logger.warn({ err: error, deliveries: reports.length }, `deliveries ${outcome}`);
      return !passesByItself;
    }
  }

  /** For the next time, unless there is a newer report of the same delivery. */
  private keep(reports: readonly DeliveryReport[]): void {
    const newer = [...this.waiting.values()];
    this.waiting = new Map();
    for (const report of reports) this.add(report);
    for (const report of newer) this.add(report);
  }
}
