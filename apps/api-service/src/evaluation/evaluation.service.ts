import { type api, type BodyOf, type EventContext, type ParametersOf } from '@keptn/api-models';
import { event, type JsonObject, KeptnEventType, toKeptnContext } from '@keptn/event-models';
import { RelayedError } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { EventLogClient, newEvent } from '../control-plane/event-log.client';
import { IdempotencyKeys, type Sender } from '../idempotency/idempotency-keys';
import { NothingToEvaluate } from './evaluation.errors';
import { resolveTimeFrame } from './time-frame';

type EvaluatedService = ParametersOf<typeof api.startEvaluation>;
type Request = BodyOf<typeof api.startEvaluation>;

@Injectable()
export class EvaluationService {
  constructor(
    private readonly configuration: ConfigurationServiceClient,
    private readonly eventLog: EventLogClient,
    private readonly keys: IdempotencyKeys,
  ) {}

  /** @throws NothingToEvaluate, InvalidTimeFrame, IdempotencyKeyReused */
  async start(evaluated: EvaluatedService, request: Request, sender: Sender): Promise<EventContext> {
    await this.requireService(evaluated);
    // A request that is refused takes no key.
    resolveTimeFrame(request, Date.now());
    const identityOf = await this.keys.identitiesFor(sender, { evaluated, request: JSON.stringify(request) });
    const { id, time, keptnContext } = identityOf(0);
    // Of a repeat, the time frame that ended when the request came first.
    const { start, end } = resolveTimeFrame(request, Date.parse(time));
    const { labels, indicatorValues } = request;
    const { project, service, stage } = evaluated;
    const startEvaluation = event(KeptnEventType.startEvaluation, {
      project,
      service,
      stage,
      teststrategy: 'manual',
      deploymentstrategy: '',
      start: start.toISOString(),
      end: end.toISOString(),
      labels,
      ...(indicatorValues !== undefined && { indicatorValues: indicatorValues.map(withoutUndefined) }),
    });
    return this.eventLog.store({ ...newEvent(toKeptnContext(keptnContext), startEvaluation), id, time });
  }

  /** @returns the event `evaluation-done`, undefined when it does not come in time */
  end({ keptnContext }: EventContext, waitMs: number): Promise<JsonObject | undefined> {
    return this.eventLog.awaited(keptnContext, KeptnEventType.evaluationDone, waitMs);
  }

  private async requireService(parameters: EvaluatedService): Promise<void> {
    try {
      await this.configuration.call('GET /v1/project/{project}/stage/{stage}/service/{service}', { parameters });
    } catch (error) {
      throw error instanceof RelayedError && error.status === 404 ? new NothingToEvaluate(error.message) : error;
    }
  }
}

const withoutUndefined = ({ message, ...value }: NonNullable<Request['indicatorValues']>[number]) => ({
  ...value,
  ...(message !== undefined && { message }),
});
