import { type AuditEntry, type AuditResult } from '@keptn/api-models';
import { describeDatabaseError } from '@keptn/mongodb-connection';
import { type AuditTrail, GroupCommit, LOGGER, RepeatedTask, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger } from 'pino';
import { type ApiServiceSettings } from '../settings';
import { AuditStore } from './audit.store';

const GROUP_LIMITS = { items: 500, size: 500, groups: 2, itemsBeside: 16 };

const CLEANING_INTERVAL_MS = 3_600_000;

/** The one writer of the audit log. What comes at the same time shares a write. */
@Injectable()
export class AuditLog implements AuditTrail, OnApplicationBootstrap, OnModuleDestroy {
  private readonly entries: GroupCommit<AuditEntry, undefined>;
  private readonly results: GroupCommit<AuditResult, undefined>;
  private readonly cleaning = new RepeatedTask(() => this.removeOld());

  constructor(
    private readonly store: AuditStore,
    @Inject(SETTINGS) private readonly settings: ApiServiceSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.entries = new GroupCommit(GROUP_LIMITS, (group) => this.write(group, () => store.append(group)));
    this.results = new GroupCommit(GROUP_LIMITS, (group) => this.write(group, () => store.complete(group)));
  }

  onApplicationBootstrap(): void {
    this.cleaning.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.cleaning.stop();
  }

  begin(entry: AuditEntry): Promise<void> {
    return this.entries.add(entry, 1);
  }

  end(result: AuditResult): Promise<void> {
    return this.results.add(result, 1);
  }

  private async write(group: readonly object[], write: () => Promise<void>): Promise<undefined[]> {
    await write().catch((error: unknown) => {
      throw describeDatabaseError(error);
    });
    if (this.settings.AUDIT_STDOUT) {
      for (const audit of group) this.logger.info({ audit }, 'audit');
    }
    return group.map(() => undefined);
  }

  private async removeOld(): Promise<number> {
    try {
      const removed = await this.store.removeBefore(new Date(Date.now() - this.settings.AUDIT_MAX_AGE));
      if (removed > 0) this.logger.info({ removed }, 'old entries of the audit log are removed');
    } catch (error) {
      this.logger.debug({ err: error }, 'old entries of the audit log are removed later');
    }
    return CLEANING_INTERVAL_MS;
  }
}
