import { ServiceError } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { Channels } from './channels';
import { frameOf, type LogLine } from './log-line';

export interface Task<Result> {
  /** What is being done, as in `create project sockshop`. */
  readonly task: string;
  readonly work: () => Promise<Result>;
  /** What has happened, step by step. */
  readonly steps: (result: Result) => readonly string[];
}

/** Reports on the channel of a Keptn context how a change went, for clients that wait there (contract 6.2). */
@Injectable()
export class ProgressLog {
  constructor(private readonly channels: Channels) {}

  /**
   * Does the work and publishes its messages, all of them before the promise settles. Clients connect after the answer and
   * find them waiting.
   *
   * @throws what `work` throws
   */
  async report<Result>(keptnContext: string, task: Task<Result>): Promise<Result> {
    const result = await this.begin(keptnContext, task);
    this.end(keptnContext);
    return result;
  }

  /** The same, for work that somebody else goes on with: the channel ends with {@link end}, or at once when the work fails. */
  async begin<Result>(keptnContext: string, { task, work, steps }: Task<Result>): Promise<Result> {
    try {
      const result = await work();
      for (const message of steps(result)) this.publish(keptnContext, { message, loglevel: 'INFO' });
      return result;
    } catch (error) {
      const reason = error instanceof ServiceError ? error.message : 'internal error';
      this.publish(keptnContext, { message: `Failed to ${task}: ${reason}`, loglevel: 'ERROR' });
      this.end(keptnContext);
      throw error;
    }
  }

  publish(keptnContext: string, line: LogLine): void {
    this.channels.publish(keptnContext, frameOf(keptnContext, line));
  }

  /** Clients wait no longer. */
  end(keptnContext: string): void {
    this.publish(keptnContext, THE_END);
  }
}

/** Clients show no empty message. */
const THE_END: LogLine = { message: '', loglevel: 'INFO', terminate: true };
