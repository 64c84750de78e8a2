import { randomUUID } from 'node:crypto';
import { type AuditEntry } from '@keptn/api-models';
import { LOGGER, RepeatedTask } from '@keptn/service-kit';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { type Logger } from 'pino';
import { AuditLog } from './audit-log';

/** The first wrong token of an address is an entry at once; further ones share an entry at the end of this time, in milliseconds. */
const GROUPED_FOR_MS = 300_000;

/** Addresses with entries of their own in that time. With the one of all others, a flood makes at most 41 entries. */
const MOST_ADDRESSES = 20;

/** Stands for the addresses beyond. */
const OTHERS = 'others';

interface Repeats {
  attempts: number;
  /** Of the last one. */
  requestId: string;
}

/** Records wrong tokens in the audit log, few entries for many of them. */
@Injectable()
export class FailedLogins implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private repeats = new Map<string, Repeats>();
  private readonly grouping = new RepeatedTask(async () => {
    await this.recordRepeats();
    return GROUPED_FOR_MS;
  });

  constructor(
    private readonly log: AuditLog,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.grouping.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.grouping.stop();
    await this.recordRepeats();
  }

  /** @param request with a token that is wrong; the gateway names the client in `x-real-ip` */
  add({ headers, id: requestId, ip }: Pick<FastifyRequest, 'headers' | 'id' | 'ip'>): void {
    const { 'x-real-ip': client = ip } = headers;
    const address = typeof client === 'string' ? client : ip;
    const known = this.repeats.get(address);
    if (known === undefined && this.repeats.size < MOST_ADDRESSES) {
      this.repeats.set(address, { attempts: 0, requestId });
      void this.record(address, { attempts: 1, requestId });
      return;
    }
    this.group(known === undefined ? OTHERS : address, { attempts: 1, requestId });
  }

  private group(address: string, { attempts, requestId }: Repeats): void {
    const before = this.repeats.get(address)?.attempts ?? 0;
    this.repeats.set(address, { attempts: before + attempts, requestId });
  }

  private async recordRepeats(): Promise<void> {
    const repeats = [...this.repeats].filter(([, { attempts }]) => attempts > 0);
    this.repeats = new Map();
    await Promise.all(repeats.map(([address, each]) => this.record(address, each)));
  }

  private async record(address: string, { attempts, requestId }: Repeats): Promise<void> {
    const entry: AuditEntry = {
      id: randomUUID(),
      time: new Date().toISOString(),
      actor: { kind: 'unknown', name: 'unknown', id: '' },
      address,
      service: 'api-service',
      action: 'POST /v1/auth',
      target: { attempts: String(attempts) },
      requestId,
      outcome: 'refused',
      status: 401,
    };
    await this.log.begin(entry).catch((error: unknown) => {
      this.logger.warn({ err: error, audit: entry }, 'wrong tokens are recorded later');
      this.group(address, { attempts, requestId });
    });
  }
}
