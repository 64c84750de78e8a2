import { type EventContext } from '@keptn/api-models';
import { KeptnEventType, type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { BadRequest, RelayedError } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { EventLogClient, newEvent } from '../control-plane/event-log.client';
import { type StartEvaluation } from './evaluation.dto';
import { resolveTimeFrame } from './time-frame';

export interface EvaluatedService {
  readonly project: ProjectName;
  readonly stage: StageName;
  readonly service: ServiceName;
}

/** What is to be evaluated does not exist. The original answers 400, with the text of configuration-service (contract 3.7). */
export class NothingToEvaluate extends BadRequest {}

@Injectable()
export class EvaluationService {
  constructor(
    private readonly configuration: ConfigurationServiceClient,
    private readonly eventLog: EventLogClient,
  ) {}

  /** @throws NothingToEvaluate, InvalidTimeFrame */
  async start({ project, stage, service }: EvaluatedService, request: StartEvaluation): Promise<EventContext> {
    const keptnContext = this.eventLog.newContext();
    await this.requireService({ project, stage, service });
    const { start, end } = resolveTimeFrame(request, Date.now());
    const data = {
      project,
      service,
      stage,
      teststrategy: 'manual',
      deploymentstrategy: '',
      start: start.toISOString(),
      end: end.toISOString(),
      labels: request.labels,
    };
    return this.eventLog.store(newEvent({ keptnContext, type: KeptnEventType.startEvaluation, data }));
  }

  private async requireService({ project, stage, service }: EvaluatedService): Promise<void> {
    try {
      await this.configuration.requireService(project, stage, service);
    } catch (error) {
      throw error instanceof RelayedError && error.status === 404 ? new NothingToEvaluate(error.message) : error;
    }
  }
}
