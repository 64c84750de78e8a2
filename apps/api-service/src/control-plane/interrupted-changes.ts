import { KeptnEventType } from '@keptn/event-models';
import { LOGGER, RelayedError, RepeatedTask, ServiceError, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger } from 'pino';
import { type ApiServiceSettings } from '../settings';
import { ConfigurationServiceClient } from './configuration-service.client';
import { type DueEvent, EventLogClient } from './event-log.client';

/** Milliseconds between two looks: at the start for what this replica left, later for what others did. */
const INTERVAL_MS = 15_000;

/** The same where there are no others. */
const LONE_INTERVAL_MS = 25_000;

/** What configuration-service calls the file that it writes for each service, and never again. */
const METADATA_FILE = 'metadata.yaml';

/**
 * Records the changes whose sender died between the change and its event. That a change was made is seen in Git, where its
 * commits name the Keptn context. Replicas may do this side by side: an event is stored once.
 */
@Injectable()
export class InterruptedChanges implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly task = new RepeatedTask((signal) => this.round(signal));

  constructor(
    private readonly eventLog: EventLogClient,
    private readonly configuration: ConfigurationServiceClient,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(SETTINGS) private readonly settings: ApiServiceSettings,
  ) {}

  onApplicationBootstrap(): void {
    this.task.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.task.stop();
  }

  private async round(signal: AbortSignal): Promise<number> {
    try {
      for (const event of await this.eventLog.dueEvents()) {
        if (signal.aborted) break;
        await this.resolve(event).catch((error: unknown) => {
          this.report(error, event);
        });
      }
    } catch (error) {
      this.report(error);
    }
    return this.settings.ONLY_REPLICA ? LONE_INTERVAL_MS : INTERVAL_MS;
  }

  private async resolve(event: DueEvent): Promise<void> {
    if (!(await this.wasMade(event))) {
      await this.eventLog.withdraw(event.id);
      return;
    }
    try {
      await this.eventLog.publish(event.id);
      this.logger.info({ event }, 'an interrupted change is recorded');
    } catch (error) {
      if (!(error instanceof RelayedError)) throw error;
      this.logger.warn({ err: error, event }, 'the log refuses the event of an interrupted change');
      await this.eventLog.withdraw(event.id);
    }
  }

  private async wasMade({ type, project, service = '', shkeptncontext }: DueEvent): Promise<boolean> {
    const stages = await this.configuration.stagesOfProject(project);
    if (type === KeptnEventType.projectDelete) return stages === undefined;
    if (stages === undefined) return false;
    if (type === KeptnEventType.projectCreate) return this.isAmongChanges(shkeptncontext, project);
    const isThere = await this.configuration.hasService(project, service);
    if (isThere !== (type === KeptnEventType.serviceCreate)) return false;
    const resourceURI = `${service}/${METADATA_FILE}`;
    for (const stage of stages) {
      if (await this.isAmongChanges(shkeptncontext, project, { stage, resourceURI })) return true;
    }
    return false;
  }

  private async isAmongChanges(
    keptnContext: string,
    ...branch: Parameters<ConfigurationServiceClient['contextsOfChanges']>
  ): Promise<boolean> {
    for await (const found of this.configuration.contextsOfChanges(...branch)) {
      if (found === keptnContext) return true;
    }
    return false;
  }

  /** That another service is away is nothing unusual, and said by those who need it. */
  private report(error: unknown, event?: DueEvent): void {
    const level = error instanceof ServiceError ? 'debug' : 'warn';
    this.logger[level]({ err: error, event }, 'interrupted changes are looked for again');
  }
}
