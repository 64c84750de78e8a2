import {
  type BodyOf,
  type configurationApi,
  type ExpandedProject,
  type PageRequest,
  type Projects,
} from '@keptn/api-models';
import { decodeShipyard, InvalidShipyard, type ProjectName, type Shipyard } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { nanosecondsNow } from '../domain/creation-date';
import { GitProjects } from '../git/git-projects';
import { ProjectQueue } from '../git/project-queue';
import { jsonFields, jsonObject, type JsonText } from '../view/json-text';
import { type Page } from '../domain/page';
import { NameMismatch, ProjectExists, ProjectNotFound, ShipyardRefused } from '../domain/structure.errors';
import { type NewProjectContent } from '../upstream/adopted-branches';
import { ProjectAdoption } from '../upstream/project-adoption';
import { ProjectUpstreams } from '../upstream/project-upstreams';
import { type StoredAccess } from '../upstream/upstream-access';
import { type ProjectAnswer, ProjectAnswers } from '../view/project-answers';
import { ProjectViewStore } from '../view/project-view.store';
import { ServiceViewStore } from '../view/service-view.store';
import { ViewReader } from '../view/view-reader';
import { ViewSynchronizer } from '../view/view-synchronizer';
import { NothingToUpdate } from './project.errors';

type NewProject = BodyOf<(typeof configurationApi)['createProject']>;

/** Projects: a Git repository each, and an entry in the view. */
@Injectable()
export class ProjectService {
  constructor(
    private readonly git: GitProjects,
    private readonly queue: ProjectQueue,
    private readonly view: ViewSynchronizer,
    private readonly reader: ViewReader,
    private readonly projects: ProjectViewStore,
    private readonly services: ServiceViewStore,
    private readonly answers: ProjectAnswers,
    private readonly adoption: ProjectAdoption,
    private readonly upstreams: ProjectUpstreams,
  ) {}

  /** @param visible the projects that the caller may see */
  async list(page: PageRequest, visible: Projects): Promise<Page<JsonText<ExpandedProject>>> {
    const { items, total } = await this.answers.page(page, visible);
    return { total, items: items.map((project) => this.expand(project)) };
  }

  /** @throws ProjectNotFound */
  async get(project: ProjectName): Promise<JsonText<ExpandedProject>> {
    const [found] = await this.answers.of([project]);
    if (found === undefined) {
      throw new ProjectNotFound();
    }
    return this.expand(found);
  }

  /**
   * Makes the repository with the shipyard and the branches of its stages, and the entry in the view: all or nothing.
   * @throws ProjectExists, ShipyardRefused, UpstreamNotUsable, UpstreamIsMounted
   */
  async create(request: NewProject): Promise<void> {
    const { content, access } = this.plan(request);
    await this.queue.run(content.project, () =>
      access === undefined ? this.createAlone(content) : this.adoption.create(content, access),
    );
  }

  /** Changes nothing. @throws what {@link create} would throw */
  async check(request: NewProject): Promise<void> {
    const { content, access } = this.plan(request);
    await this.queue.run(content.project, async () => {
      if (this.git.has(content.project)) {
        throw new ProjectExists();
      }
      if (access !== undefined) {
        await this.adoption.check(content, access);
      }
    });
  }

  /** @throws ProjectNotFound, NameMismatch, NothingToUpdate, UpstreamNotUsable */
  async update(project: ProjectName, request: BodyOf<(typeof configurationApi)['updateProject']>): Promise<void> {
    await this.reader.project(project);
    if (request.projectName !== undefined && request.projectName !== project) {
      throw new NameMismatch('project', request.projectName, project);
    }
    if (!(await this.upstreams.change(project, request))) {
      throw new NothingToUpdate();
    }
  }

  /** @throws ProjectNotFound */
  async delete(project: ProjectName): Promise<void> {
    await this.queue.run(project, async () => {
      const isInGit = this.git.names().includes(project);
      if (!isInGit && (await this.projects.find(project)) === undefined) {
        throw new ProjectNotFound();
      }
      if (isInGit) {
        await this.git.delete(project);
      }
      await this.upstreams.drop(project);
      await this.view.afterChange(async () => {
        await this.projects.delete(project);
        await this.services.deleteProject(project);
      });
    });
  }

  /** An empty shipyard, as Go clients send it for none, leaves the stages to the upstream repository. */
  private plan(request: NewProject): { content: NewProjectContent; access: StoredAccess | undefined } {
    const { projectName: project, shipyard } = request;
    const access = this.adoption.accessFor(project, request);
    const isEmpty = shipyard?.trim() === '';
    if (isEmpty && access === undefined) {
      throw new ShipyardRefused('shipyard in body is empty: it must name at least one stage');
    }
    return {
      content: {
        project,
        creationDate: nanosecondsNow(),
        ...(shipyard !== undefined && !isEmpty && { shipyard: readShipyard(shipyard) }),
        needsShipyard: shipyard !== undefined,
      },
      access,
    };
  }

  private async createAlone({ project, creationDate, shipyard }: NewProjectContent): Promise<void> {
    const stages = shipyard?.stages.map(({ name }) => name) ?? [];
    const content = shipyard && Buffer.from(shipyard.source);
    await this.git.create({ project, creationDate, stages, ...(content && { shipyard: content }) });
    const entry = {
      projectName: project,
      creationDate,
      stages,
      ...(content && { shipyard: content.toString('base64') }),
    };
    await this.view.afterCreation(
      project,
      () => this.projects.insert(entry),
      () => this.git.delete(project),
    );
  }

  /** A project with everything in it (contract 4.1). */
  private expand({ projectName, fields, stages }: ProjectAnswer): JsonText<ExpandedProject> {
    return jsonObject<ExpandedProject>({ ...fields, ...jsonFields({ ...this.upstreams.shown(projectName) }), stages });
  }
}

/** @param content base64 of the YAML */
function readShipyard(content: string): Shipyard {
  try {
    return decodeShipyard(content);
  } catch (error) {
    throw error instanceof InvalidShipyard ? new ShipyardRefused(`shipyard: ${error.message}`) : error;
  }
}
