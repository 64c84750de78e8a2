import { type StageName } from '@keptn/event-models';
import { type ExpandedProject } from '../project/project.dto';
import { type ExpandedService, type ServiceWithStages } from '../service/service.dto';
import { type ExpandedStage } from '../stage/stage.dto';
import { mapKey } from './map-key';
import { type ProjectDocument, type ServiceDocument, type StageEntry } from './view.schema';

/** A project with everything in it (contract 4.1). */
export function expandProject(project: ProjectDocument, services: readonly ServiceDocument[]): ExpandedProject {
  const { projectName, shipyard, creationDate, stages } = project;
  return {
    projectName,
    ...(shipyard !== undefined && { shipyard }),
    creationDate,
    stages: stages.map((stage) => expandStage(stage, services)),
  };
}

export function expandStage(stageName: StageName, services: readonly ServiceDocument[]): ExpandedStage {
  return { stageName, services: expandServices(stageName, services) };
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
