import { type ServiceName, type StageName } from '@keptn/event-models';
import { type ProjectStructure } from '../git/project-structure';
import { mapKey } from './map-key';
import { type ProjectDocument, type ServiceDocument } from './view.schema';

interface StageOfService {
  readonly stageName: StageName;
  /** Nanoseconds since 1970. */
  readonly creationDate: string;
}

/** What has to be done to the view so that it shows what Git holds; empty when it does. */
export interface RepairPlan {
  /** The project is not in the view. */
  readonly insert?: ProjectDocument;
  /** The stages as they should be, in the view's own order as far as they were there. */
  readonly stages?: readonly StageName[];
  /** `undefined` in it: there is no shipyard any more. */
  readonly shipyard?: { readonly content: string | undefined };
  readonly addedServices: readonly { readonly service: ServiceName; readonly stages: readonly StageOfService[] }[];
  /** Without stages: an entry that is in none. */
  readonly removedServices: readonly { readonly service: ServiceName; readonly stages: readonly StageName[] }[];
}

/**
 * Compares a project in Git with the view. What only the view knows (events, images, approvals, the order of stages) stays.
 */
export function planRepair(
  structure: ProjectStructure,
  project: ProjectDocument | undefined,
  services: readonly ServiceDocument[],
): RepairPlan {
  return {
    ...(project === undefined ? { insert: toDocument(structure) } : repairProject(structure, project)),
    ...repairServices(structure, services),
  };
}

function toDocument({ project, creationDate, shipyard, stages }: ProjectStructure): ProjectDocument {
  return {
    projectName: project,
    creationDate,
    ...(shipyard !== undefined && { shipyard }),
    stages: stages.map(({ stage }) => stage),
  };
}

function repairProject(structure: ProjectStructure, project: ProjectDocument): Pick<RepairPlan, 'stages' | 'shipyard'> {
  const inGit = structure.stages.map(({ stage }) => stage);
  const kept = project.stages.filter((stage) => inGit.includes(stage));
  const added = inGit.filter((stage) => !project.stages.includes(stage));
  const isComplete = added.length === 0 && kept.length === project.stages.length;
  return {
    ...(!isComplete && { stages: [...kept, ...added] }),
    ...(structure.shipyard !== project.shipyard && { shipyard: { content: structure.shipyard } }),
  };
}

function repairServices(
  structure: ProjectStructure,
  services: readonly ServiceDocument[],
): Pick<RepairPlan, 'addedServices' | 'removedServices'> {
  const inGit = stagesByService(structure);
  const inView = new Map(services.map((service) => [service.serviceName, service]));
  const added = [...inGit].map(([service, stages]) => {
    const known = inView.get(service)?.stages ?? {};
    return { service, stages: stages.filter(({ stageName }) => !Object.hasOwn(known, mapKey(stageName))) };
  });
  const removed = services.map(({ serviceName, stages }) => {
    const wanted = new Set(inGit.get(serviceName)?.map(({ stageName }) => stageName));
    const known = Object.values(stages).map(({ stageName }) => stageName);
    const isLeftover = known.length === 0;
    return { service: serviceName, stages: known.filter((stage) => !wanted.has(stage)), isLeftover };
  });
  return {
    addedServices: added.filter(({ stages }) => stages.length > 0),
    removedServices: removed
      .filter(({ stages, isLeftover }) => stages.length > 0 || isLeftover)
      .map(({ service, stages }) => ({ service, stages })),
  };
}

function stagesByService({ stages }: ProjectStructure): ReadonlyMap<ServiceName, readonly StageOfService[]> {
  const found = new Map<ServiceName, StageOfService[]>();
  for (const { stage, services } of stages) {
    for (const { service, creationDate } of services) {
      const known = found.get(service) ?? [];
      known.push({ stageName: stage, creationDate });
      found.set(service, known);
    }
  }
  return found;
}
