import { type ExpandedProject, type ExpandedStage, type PageRequest, type Projects } from '@keptn/api-models';
import { type ProjectName, type StageName } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Page, pageOf } from '../domain/page';
import { expandStage, type ServiceAnswer } from './expanded';
import { jsonArray, type JsonFields, jsonFields, type JsonText } from './json-text';
import { ProjectViewStore } from './project-view.store';
import { ServiceAnswers } from './service-answers';
import { PROJECT_LIST, ViewChanges } from './view-changes';
import { type ProjectDocument } from './view.schema';

/** Characters that are kept; V8 takes one byte for most of them. */
const MAX_KEPT_CHARACTERS = 32 * 1024 * 1024;

/** A project with everything that the view knows of it, ready to be sent. */
export interface ProjectAnswer {
  readonly projectName: ProjectName;
  readonly fields: JsonFields<Pick<ExpandedProject, 'projectName' | 'shipyard' | 'creationDate'>>;
  readonly stages: JsonText<ExpandedStage[]>;
}

interface KeptProject {
  /** Of the project when it was read. */
  readonly revision: number;
  readonly answer: ProjectAnswer;
  readonly stages: readonly StageName[];
  readonly services: readonly ServiceAnswer[];
}

/**
 * Projects as clients see them, kept until they change: what did not change costs no question to the database, and whatever else is
 * asked for at once is read together.
 */
@Injectable()
export class ProjectAnswers {
  private readonly kept = new LRUCache<ProjectName, KeptProject>({
    maxSize: MAX_KEPT_CHARACTERS,
    sizeCalculation: ({ answer }) => answer.stages.length + (answer.fields.shipyard?.length ?? 0) + 1,
  });
  private list: { readonly revision: number; readonly names: readonly ProjectName[] } | undefined;

  constructor(
    private readonly projects: ProjectViewStore,
    private readonly answers: ServiceAnswers,
    private readonly changes: ViewChanges,
  ) {}

  /** Whether more can be read ahead of requests: half of the room is theirs. */
  get hasRoom(): boolean {
    return this.answers.hasRoom && this.kept.calculatedSize < MAX_KEPT_CHARACTERS / 2;
  }

  /** Of the visible projects, in the order of their creation. */
  async page(page: PageRequest, visible: Projects): Promise<Page<ProjectAnswer>> {
    const names = await this.names();
    const shown = visible === 'all' ? names : names.filter((name) => visible.includes(name));
    const { items, total } = pageOf(shown, page);
    return { total, items: await this.of(items) };
  }

  /** In the order of the names, without those that are not there. */
  async of(names: readonly ProjectName[]): Promise<ProjectAnswer[]> {
    const found = new Map<ProjectName, ProjectAnswer>();
    const unknown: ProjectName[] = [];
    for (const name of names) {
      const kept = this.kept.get(name);
      if (kept?.revision === this.changes.revisionOf(name)) found.set(name, kept.answer);
      else unknown.push(name);
    }
    if (unknown.length > 0) {
      for (const answer of await this.read(unknown)) found.set(answer.projectName, answer);
    }
    return names.flatMap((name) => found.get(name) ?? []);
  }

  private async names(): Promise<readonly ProjectName[]> {
    const revision = this.changes.revisionOf(PROJECT_LIST);
    if (this.list?.revision !== revision) {
      this.list = { revision, names: await this.projects.namesInOrder() };
    }
    return this.list.names;
  }

  private async read(names: readonly ProjectName[]): Promise<ProjectAnswer[]> {
    const revisions = new Map(names.map((name) => [name, this.changes.revisionOf(name)]));
    const [documents, services] = await Promise.all([this.projects.findAll(names), this.answers.ofProjects(names)]);
    return documents.map((document) => {
      const { projectName } = document;
      return this.keep(document, services.get(projectName) ?? [], revisions.get(projectName) ?? 0);
    });
  }

  private keep(document: ProjectDocument, services: readonly ServiceAnswer[], revision: number): ProjectAnswer {
    const { projectName, shipyard, creationDate, stages } = document;
    const before = this.kept.get(projectName);
    // The text of a large project is long, and most changes are not in what it shows of its stages.
    const areOld = before !== undefined && areSame(before.stages, stages) && areSame(before.services, services);
    const answer = {
      projectName,
      fields: jsonFields({ projectName, ...(shipyard !== undefined && { shipyard }), creationDate }),
      stages: areOld ? before.answer.stages : jsonArray(stages.map((stage) => expandStage(stage, services))),
    };
    this.kept.set(projectName, { revision, answer, stages, services });
    return answer;
  }
}

const areSame = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.length === others.length && some.every((item, index) => item === others[index]);
