import { type ProjectName } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { jsonOf } from './json-text';
import { expandService, type ServiceAnswer } from './expanded';
import { type RevisedService, ServiceViewStore } from './service-view.store';
import { type ServiceDocument } from './view.schema';

/** Characters that are kept; V8 takes one byte for most of them. */
const MAX_KEPT_CHARACTERS = 32 * 1024 * 1024;
/** What an entry takes beside its text, in characters. */
const ENTRY_OVERHEAD = 200;

interface KeptAnswer {
  readonly revision: number | undefined;
  readonly stages: ServiceAnswer;
}

/**
 * The services of projects, ready to be sent. A large project has tens of thousands of services in stages, and few of them
 * change between two requests: only those are read again whose revision in the database is another.
 */
@Injectable()
export class ServiceAnswers {
  /** By the id of the service's document, which a service that is made anew does not share. */
  private readonly kept = new LRUCache<string, KeptAnswer>({ maxSize: MAX_KEPT_CHARACTERS, sizeCalculation: sizeOf });

  constructor(private readonly services: ServiceViewStore) {}

  /** Whether more can be read ahead of requests: half of the room is theirs. */
  get hasRoom(): boolean {
    return this.kept.calculatedSize < MAX_KEPT_CHARACTERS / 2;
  }

  /** All services of a project, in the order of their creation. */
  async ofProject(project: ProjectName): Promise<readonly ServiceAnswer[]> {
    return (await this.ofProjects([project])).get(project) ?? [];
  }

  /** The services of each project that has any, in the order of their creation. */
  async ofProjects(projects: readonly ProjectName[]): Promise<ReadonlyMap<ProjectName, readonly ServiceAnswer[]>> {
    const revisions = await this.services.revisions(projects);
    const known = new Map(revisions.map((service) => [idOf(service), this.find(service)]));
    const unknown = revisions.filter((service) => known.get(idOf(service)) === undefined);
    for await (const document of this.services.withIds(unknown.map(({ _id }) => _id))) {
      known.set(idOf(document), this.keep(document));
    }
    const byProject = new Map<ProjectName, ServiceAnswer[]>();
    for (const service of revisions) {
      const answer = known.get(idOf(service));
      // It was deleted meanwhile.
      if (answer === undefined) continue;
      const ofProject = byProject.get(service.projectName) ?? [];
      ofProject.push(answer);
      byProject.set(service.projectName, ofProject);
    }
    return byProject;
  }

  private find(service: RevisedService): ServiceAnswer | undefined {
    const kept = this.kept.get(idOf(service));
    return kept?.revision === service.revision ? kept?.stages : undefined;
  }

  private keep(document: ServiceDocument & RevisedService): ServiceAnswer {
    const stages = new Map(
      Object.values(document.stages).map((entry) => [entry.stageName, jsonOf(expandService(document, entry))]),
    );
    this.kept.set(idOf(document), { revision: document.revision, stages });
    return stages;
  }
}

const idOf = ({ _id }: RevisedService): string => _id.toHexString();

const sizeOf = ({ stages }: KeptAnswer): number =>
  [...stages].reduce((sum, [stage, json]) => sum + stage.length + json.length + ENTRY_OVERHEAD, ENTRY_OVERHEAD);
