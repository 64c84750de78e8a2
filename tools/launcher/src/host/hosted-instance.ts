import { writeSync } from 'node:fs';
import process from 'node:process';
import { type HostedService } from '@keptn/service-kit/hosting';
import { type FromHost } from './messages';

/** One service of a host, started and stopped any number of times. */
export class HostedInstance {
  private end: (() => Promise<boolean>) | undefined;
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

  /** Ends the service because of an error that nobody caught. What of it cannot be ended, such as its port, ends with the process. */
  fail(error: unknown): Promise<void> {
    this.log(error);
    return this.next(async () => {
      if (this.end === undefined) return;
      if (!(await this.release())) process.exit(1);
      this.report({ kind: 'failed', service: this.service.name });
    });
  }

  /** @returns whether all of it has ended */
  private async release(): Promise<boolean> {
    const { end } = this;
    this.end = undefined;
    try {
      return (await end?.()) ?? true;
    } catch (error) {
      this.log(error);
      return false;
    }
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
