import { randomUUID } from 'node:crypto';
import { type AuditEntry } from '@keptn/api-models';
import { type AuditTrail, RepeatedTask } from '@keptn/service-kit';
import { type Logger } from 'pino';

/** The first failure of an address is an entry at once; further ones share an entry at the end of this time, in milliseconds. */
const GROUPED_FOR_MS = 300_000;

/** Addresses with entries of their own in that time. With the one of all others, a flood makes at most 41 entries. */
const MOST_ADDRESSES = 20;

/** Stands for the addresses beyond. */
const OTHERS = 'others';

/** A wrong token or password. */
export interface FailedLogin {
  /** Of the client. */
  readonly address: string;
  readonly requestId: string;
}

interface Repeats {
  attempts: number;
  /** Of the last one. */
  requestId: string;
}

export interface FailedLoginsOptions {
  readonly service: string;
  /** The operation by which somebody logs in, as its OpenAPI document has it. */
  readonly action: string;
  readonly trail: Pick<AuditTrail, 'begin'>;
  readonly logger: Logger;
}

/** Records wrong tokens and passwords in the audit log, few entries for many of them, and nothing of what they were. */
export class FailedLogins {
  private repeats = new Map<string, Repeats>();
  private readonly grouping = new RepeatedTask(async () => {
    await this.recordRepeats();
    return GROUPED_FOR_MS;
  });

  constructor(private readonly options: FailedLoginsOptions) {}

  start(): void {
    this.grouping.start();
  }

  /** Resolves when all of them are recorded. */
  async stop(): Promise<void> {
    await this.grouping.stop();
    await this.recordRepeats();
  }

  add({ address, requestId }: FailedLogin): void {
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
    const { action, logger, service, trail } = this.options;
    const entry: AuditEntry = {
      ...{ id: randomUUID(), time: new Date().toISOString(), actor: { kind: 'unknown', name: 'unknown', id: '' } },
      ...{ address, service, action, target: { attempts: String(attempts) }, requestId },
      ...{ outcome: 'refused', status: 401 },
    };
    await trail.begin(entry).catch((error: unknown) => {
      logger.warn({ err: error, audit: entry }, 'failed logins are recorded later');
      this.group(address, { attempts, requestId });
    });
  }
}
