import { FailedLogins } from '@keptn/auth';
import { LOGGER } from '@keptn/service-kit';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { type Logger } from 'pino';
import { AuditLog } from './audit-log';

/** Wrong tokens, as entries of the audit log. */
@Injectable()
export class WrongTokens implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly failures: FailedLogins;

  constructor(log: AuditLog, @Inject(LOGGER) logger: Logger) {
    this.failures = new FailedLogins({ service: 'api-service', action: 'POST /v1/auth', trail: log, logger });
  }

  onApplicationBootstrap(): void {
    this.failures.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.failures.stop();
  }

  /** @param request with a token that is wrong; the gateway names the client in `x-real-ip` */
  add({ headers, id: requestId, ip }: Pick<FastifyRequest, 'headers' | 'id' | 'ip'>): void {
    const { 'x-real-ip': client = ip } = headers;
    this.failures.add({ address: typeof client === 'string' ? client : ip, requestId });
  }
}
