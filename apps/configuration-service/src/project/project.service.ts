import { decodeShipyard, InvalidShipyard, type ProjectName, type Shipyard } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { nanosecondsNow } from '../clock/creation-date';
import { GitProjects } from '../git/git-projects';
import { ProjectQueue } from '../git/project-queue';
import { type Page, type PageRequest } from '../paging/page';
import { expandProject } from '../view/expanded';
import { ProjectViewStore } from '../view/project-view.store';
import { ServiceViewStore } from '../view/service-view.store';
import { ViewReader } from '../view/view-reader';
import { ViewSynchronizer } from '../view/view-synchronizer';
import { type ProjectDocument, type ServiceDocument } from '../view/view.schema';
import { type CreateProject, type ExpandedProject, type UpdateProject } from './project.dto';
import {
  NameMismatch,
  NothingToUpdate,
  ProjectNotFound,
  ShipyardRefused,
  UpstreamNotSupported,
} from './project.errors';

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
  ) {}

  async list(page: PageRequest): Promise<Page<ExpandedProject>> {
    const { items, total } = await this.projects.page(page);
    const services = await this.services.ofProjects(items.map(({ projectName }) => projectName));
    return { total, items: items.map((project) => expandProject(project, servicesOf(project, services))) };
  }

  /** @throws ProjectNotFound */
  async get(project: ProjectName): Promise<ExpandedProject> {
    return expandProject(await this.reader.project(project), await this.services.ofProject(project));
  }

  /**
   * Makes the repository with the shipyard and the branches of its stages, and the entry in the view: all or nothing.
   * @throws ProjectExists, ShipyardRefused, UpstreamNotSupported
   */
  async create(request: CreateProject): Promise<void> {
    refuseUpstream(request);
    const { projectName } = request;
    const shipyard = request.shipyard ? readShipyard(request.shipyard) : undefined;
    const stages = shipyard?.stages.map(({ name }) => name) ?? [];
    const content = shipyard && Buffer.from(shipyard.source);
    await this.queue.run(projectName, async () => {
      const creationDate = nanosecondsNow();
      await this.git.create({ project: projectName, creationDate, stages, ...(content && { shipyard: content }) });
      const entry = { projectName, creationDate, stages, ...(content && { shipyard: content.toString('base64') }) };
      await this.view.afterCreation(
        () => this.projects.insert(entry),
        () => this.git.delete(projectName),
      );
    });
  }

  /** @throws ProjectNotFound, UpstreamNotSupported, NothingToUpdate */
  async update(project: ProjectName, request: UpdateProject): Promise<void> {
    refuseUpstream(request);
    await this.reader.project(project);
    if (request.projectName && request.projectName !== project) {
      throw new NameMismatch('project', request.projectName, project);
    }
    throw new NothingToUpdate();
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
      await this.view.afterChange(async () => {
        await this.projects.delete(project);
        await this.services.deleteProject(project);
      });
    });
  }
}

const servicesOf = ({ projectName }: ProjectDocument, services: readonly ServiceDocument[]): ServiceDocument[] =>
  services.filter((service) => service.projectName === projectName);

function refuseUpstream({ gitUser, gitToken, gitRemoteURI, gitRemoteURL }: UpdateProject): void {
  if (
    [gitUser, gitToken, gitRemoteURI, gitRemoteURL].some(
      (value) => value !== undefined && value !== null && value !== '',
    )
  ) {
    throw new UpstreamNotSupported();
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
