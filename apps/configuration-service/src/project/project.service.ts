import { decodeShipyard, InvalidShipyard, type ProjectName, type Shipyard } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { nanosecondsNow } from '../domain/creation-date';
import { GitProjects } from '../git/git-projects';
import { ProjectQueue } from '../git/project-queue';
import { jsonFields, jsonObject, type JsonText } from '../view/json-text';
import { type Page, type PageRequest } from '../domain/page';
import { NameMismatch, ProjectExists, ProjectNotFound, ShipyardRefused } from '../domain/structure.errors';
import { type NewProjectContent } from '../upstream/adopted-branches';
import { ProjectAdoption } from '../upstream/project-adoption';
import { ProjectUpstreams } from '../upstream/project-upstreams';
import { ProjectViewStore } from '../view/project-view.store';
import { ServiceViewStore } from '../view/service-view.store';
import { StageAnswers } from '../view/stage-answers';
import { ViewReader } from '../view/view-reader';
import { ViewSynchronizer } from '../view/view-synchronizer';
import { type ProjectDocument } from '../view/view.schema';
import { type CreateProject, type ExpandedProject, type UpdateProject } from './project.dto';
import { NothingToUpdate } from './project.errors';

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
    private readonly stages: StageAnswers,
    private readonly adoption: ProjectAdoption,
    private readonly upstreams: ProjectUpstreams,
  ) {}

  async list(page: PageRequest): Promise<Page<JsonText<ExpandedProject>>> {
    const { items, total } = await this.projects.page(page);
    return { total, items: await Promise.all(items.map((project) => this.expand(project))) };
  }

  /** @throws ProjectNotFound */
  async get(project: ProjectName): Promise<JsonText<ExpandedProject>> {
    return await this.expand(await this.reader.project(project));
  }

  /**
   * Makes the repository with the shipyard and the branches of its stages, and the entry in the view: all or nothing.
   * @throws ProjectExists, ShipyardRefused, UpstreamNotUsable
   */
  async create(request: CreateProject): Promise<void> {
    const { projectName } = request;
    const access = this.adoption.accessFor(projectName, request);
    const shipyard = request.shipyard ? readShipyard(request.shipyard) : undefined;
    await this.queue.run(projectName, async () => {
      const content = { project: projectName, creationDate: nanosecondsNow(), ...(shipyard && { shipyard }) };
      if (access !== undefined) {
        await this.adoption.create(content, access);
        return;
      }
      await this.createAlone(content);
    });
  }

  /** Changes nothing. @throws what {@link create} would throw */
  async check(request: CreateProject): Promise<void> {
    const { projectName } = request;
    const access = this.adoption.accessFor(projectName, request);
    const shipyard = request.shipyard ? readShipyard(request.shipyard) : undefined;
    await this.queue.run(projectName, async () => {
      if (this.git.has(projectName)) {
        throw new ProjectExists();
      }
      const content = { project: projectName, creationDate: nanosecondsNow(), ...(shipyard && { shipyard }) };
      if (access !== undefined) {
        await this.adoption.check(content, access);
      }
    });
  }

  /** @throws ProjectNotFound, NameMismatch, NothingToUpdate, UpstreamNotUsable */
  async update(project: ProjectName, request: UpdateProject): Promise<void> {
    await this.reader.project(project);
    if (request.projectName && request.projectName !== project) {
      throw new NameMismatch('project', request.projectName, project);
    }
    if (!(await this.upstreams.change(project, request))) {
      throw new NothingToUpdate();
    }
  }

  /** @throws ProjectNotFound */
  async delete(project: ProjectName): Promise<void> {
    await this.queue.run(project, async () => {
      const isInGit = this.git.has(project);
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
  private async expand(project: ProjectDocument): Promise<JsonText<ExpandedProject>> {
    const { projectName, shipyard, creationDate } = project;
    return jsonObject<ExpandedProject>({
      ...jsonFields({ projectName, ...(shipyard !== undefined && { shipyard }), creationDate }),
      ...jsonFields({ ...this.upstreams.shown(projectName) }),
      stages: await this.stages.ofProject(project),
    });
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
