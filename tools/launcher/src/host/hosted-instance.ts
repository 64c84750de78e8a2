import { writeSync } from 'node:fs';
import { type HostedService } from '@keptn/service-kit/hosting';
import { type FromHost } from './messages';

/** One service of a host, started and stopped any number of times. */
export class HostedInstance {
  private end: (() => Promise<void>) | undefined;
  /** The steps of its life follow each other. */
  private step: Promise<void> = Promise.resolve();

  constructor(
    private readonly service: HostedService,
    private readonly logFile: number,
    private readonly report: (message: FromHost) => void,
  ) {}

  start(environment: Readonly<Record<string, string>>): Promise<void> {
    return this.next(async () => {
      try {
        this.end = await this.service.start(environment, this.logFile);
        this.report({ kind: 'started', service: this.service.name });
      } catch {
        // The service has written the reason to its log.
        this.report({ kind: 'failed', service: this.service.name });
      }
    });
  }

  stop(): Promise<void> {
    return this.next(async () => {
      await this.release();
      this.report({ kind: 'stopped', service: this.service.name });
    });
  }

  /** Ends the service because of an error that nobody caught. */
  fail(error: unknown): Promise<void> {
    this.log(error);
    return this.next(async () => {
      if (this.end === undefined) return;
      await this.release();
      this.report({ kind: 'failed', service: this.service.name });
    });
  }

  private async release(): Promise<void> {
    const { end } = this;
    this.end = undefined;
    await end?.().catch((error: unknown) => {
      this.log(error);
    });
  }

  private next(step: () => Promise<void>): Promise<void> {
    this.step = this.step.then(step);
    return this.step;
  }

  private log(error: unknown): void {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    const entry = {
      level: 'fatal',
      time: new Date().toISOString(),
      service: this.service.name,
      err: { message, stack },
    };
    try {
      writeSync(this.logFile, `${JSON.stringify({ ...entry, msg: `failed: ${message}` })}\n`);
    } catch {
      // A full disk must not end the other services.
    }
  }
}
