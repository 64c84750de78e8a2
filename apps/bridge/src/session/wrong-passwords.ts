import { AuditClient, FailedLogins } from '@keptn/auth';
import { currentRequestContext, LOGGER, SETTINGS } from '@keptn/service-kit';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type Logger } from 'pino';
import { type BridgeSettings } from '../settings';

/** Wrong users and passwords, as entries of the audit log. Wrong tokens api-service records itself, which is asked about them. */
@Injectable()
export class WrongPasswords implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly audit: AuditClient;
  private readonly failures: FailedLogins;

  constructor(@Inject(SETTINGS) settings: BridgeSettings, @Inject(LOGGER) logger: Logger) {
    this.audit = new AuditClient(settings);
    this.failures = new FailedLogins({ service: 'bridge', action: 'POST /session', trail: this.audit, logger });
  }

  onApplicationBootstrap(): void {
    this.failures.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.failures.stop();
  }

  onApplicationShutdown(): Promise<void> {
    return this.audit.close();
  }

  /** @param address of the client */
  add(address: string): void {
    this.failures.add({ address, requestId: currentRequestContext()?.requestId ?? '' });
  }
}
