import { type ExpandedService, type ExpandedStage, type ServiceWithStages } from '@keptn/api-models';
import { type StageName } from '@keptn/event-models';
import { jsonArray, jsonObject, jsonOf, type JsonText } from './json-text';
import { mapKey } from './map-key';
import { type ProjectDocument, type ServiceDocument, type StageEntry } from './view.schema';

/** A service as clients see it, by the stages that it is in; the same object as long as nothing changes in it. */
export type ServiceAnswer = ReadonlyMap<StageName, JsonText<ExpandedService>>;

/** A stage with everything in it. */
export function expandStage(stageName: StageName, services: readonly ServiceAnswer[]): JsonText<ExpandedStage> {
  const inStage = services.map((service) => service.get(stageName)).filter((answer) => answer !== undefined);
  return jsonObject<ExpandedStage>({ stageName: jsonOf<string>(stageName), services: jsonArray(inStage) });
}

/** Those of the services that are in a stage. */
export function expandServices(stage: StageName, services: readonly ServiceDocument[]): ExpandedService[] {
  const key = mapKey(stage);
  return services.flatMap((service) => {
    const entry = service.stages[key];
    return entry === undefined ? [] : [expandService(service, entry)];
  });
}

export function expandService({ serviceName }: ServiceDocument, entry: StageEntry): ExpandedService {
  return {
    serviceName,
    ...deploymentOf(entry),
    creationDate: entry.creationDate,
    openApprovals: [...(entry.openApprovals ?? [])],
    openRemediations: [...(entry.openRemediations ?? [])],
  };
}

/** A service with what it is in each stage, in the order of the project's stages. */
export function withStages({ stages }: ProjectDocument, service: ServiceDocument): ServiceWithStages {
  const stageInfo = stages.flatMap((stageName) => {
    const entry = service.stages[mapKey(stageName)];
    return entry === undefined ? [] : [{ stageName, ...deploymentOf(entry) }];
  });
  return { serviceName: service.serviceName, creationDate: service.creationDate, stageInfo };
}

function deploymentOf({ deployedImage, lastEventTypes }: StageEntry) {
  const events = Object.values(lastEventTypes ?? {});
  return {
    ...(deployedImage !== undefined && { deployedImage }),
    ...(events.length > 0 && {
      lastEventTypes: Object.fromEntries(
        events.map(({ type, eventId, keptnContext, time }) => [type, { eventId, keptnContext, time }]),
      ),
    }),
  };
}
