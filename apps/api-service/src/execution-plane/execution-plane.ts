import { SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type ApiServiceSettings } from '../settings';
import { ChannelEnds } from '../websocket/channel-ends';
import { ProgressLog, type Task } from '../websocket/progress-log';

/** Work that is done here, and that helm-service goes on with. */
export interface Begun<Result> {
  readonly result: Result;
  /** Resolves when helm-service has done its part, or its time is over. */
  readonly ended: Promise<void>;
}

/**
 * The services that deploy, where they are attached (EXECUTION_PLANE). They learn of a change by its event, report on the channel
 * of its context, and end that channel when they are done (docs/operate/execution-plane.md).
 */
@Injectable()
export class ExecutionPlane implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  constructor(
    @Inject(SETTINGS) private readonly settings: ApiServiceSettings,
    private readonly progress: ProgressLog,
    private readonly ends: ChannelEnds,
  ) {}

  get isAttached(): boolean {
    return this.settings.EXECUTION_PLANE;
  }

  /**
   * Does the work and reports it. Without an execution plane that is all; else its service ends the channel, or this one does when
   * the service has used up its time.
   *
   * @throws what `work` throws
   */
  async begin<Result>(keptnContext: string, task: Task<Result>): Promise<Begun<Result>> {
    if (!this.isAttached) return { result: await this.progress.report(keptnContext, task), ended: Promise.resolve() };
    const failed = new AbortController();
    const timeLimit = AbortSignal.timeout(this.settings.EXECUTION_PLANE_TIMEOUT_MS);
    const over = AbortSignal.any([failed.signal, timeLimit, this.stopping.signal]);
    // helm-service may be faster than the answer.
    const end = this.ends.of(keptnContext, over);
    try {
      const result = await this.progress.begin(keptnContext, task);
      return { result, ended: this.endAfter(keptnContext, task.task, end) };
    } catch (error) {
      failed.abort();
      throw error;
    }
  }

  onModuleDestroy(): void {
    this.stopping.abort();
  }

  private async endAfter(keptnContext: string, task: string, end: Promise<boolean>): Promise<void> {
    if (await end) return;
    if (this.stopping.signal.aborted) {
      const message = `api-service stops; helm-service goes on (${task}), see its log`;
      this.progress.publish(keptnContext, { message, loglevel: 'INFO' });
      this.progress.end(keptnContext);
      return;
    }
    const limit = `${this.settings.EXECUTION_PLANE_TIMEOUT_MS / 1_000} s`;
    const message = `helm-service has not finished its part within ${limit} (${task}); see its log`;
    this.progress.publish(keptnContext, { message, loglevel: 'ERROR' });
    this.progress.end(keptnContext);
  }
}
