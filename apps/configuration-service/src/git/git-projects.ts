import { type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { type Change, GitStore, type InitialCommit, RepositoryNotFound } from '@keptn/git-store';
import { Injectable } from '@nestjs/common';
import { ServiceExists, ServiceNotFound } from '../domain/structure.errors';
import { requestCommit } from './commit-trailers';
import {
  PROJECT_BRANCH,
  METADATA_FILE,
  projectMetadata,
  serviceMarker,
  serviceMetadata,
  SHIPYARD_FILE,
} from './layout';

export interface NewProject {
  readonly project: ProjectName;
  /** Nanoseconds since 1970. */
  readonly creationDate: string;
  readonly stages: readonly StageName[];
  /** The YAML of the shipyard. */
  readonly shipyard?: Buffer;
}

export interface NewService {
  readonly project: ProjectName;
  readonly stages: readonly StageName[];
  readonly service: ServiceName;
  /** Nanoseconds since 1970. */
  readonly creationDate: string;
  /** Files of the service that are committed with it, by their paths in the repository. */
  readonly files: readonly Change[];
}

/** The structure of projects in Git: repositories, stage branches and service folders. Each change is one atomic step. */
@Injectable()
export class GitProjects {
  constructor(private readonly store: GitStore) {}

  /** In the order of their bytes. */
  names(): ProjectName[] {
    return this.store.repositories() as ProjectName[];
  }

  has(project: ProjectName): boolean {
    try {
      this.store.repository(project);
      return true;
    } catch (error) {
      if (error instanceof RepositoryNotFound) {
        return false;
      }
      throw error;
    }
  }

  /** Makes the project with its stages and shipyard; the stages branch off before the shipyard is written. */
  async create({ project, creationDate, stages, shipyard }: NewProject): Promise<void> {
    const commit = requestCommit();
    const metadata = { path: METADATA_FILE, content: projectMetadata(project, creationDate) };
    const branches: InitialCommit[] = [
      { branch: PROJECT_BRANCH, changes: [metadata], message: `Added ${METADATA_FILE}`, ...commit },
      ...stages.map((stage) => ({ branch: stage, from: PROJECT_BRANCH })),
    ];
    if (shipyard !== undefined) {
      const changes = [{ path: SHIPYARD_FILE, content: shipyard }];
      branches.push({ branch: PROJECT_BRANCH, changes, message: `Added ${SHIPYARD_FILE}`, ...commit });
    }
    await this.store.createRepository(project, { branches });
  }

  async delete(project: ProjectName): Promise<void> {
    await this.store.deleteRepository(project);
  }

  /** In the order of their bytes. */
  stages(project: ProjectName): StageName[] {
    const branches = this.store.repository(project).branches();
    return branches.filter((branch): branch is StageName => branch !== PROJECT_BRANCH);
  }

  async createStage(project: ProjectName, stage: StageName): Promise<void> {
    await this.store.repository(project).createBranch(stage, { from: PROJECT_BRANCH });
  }

  async deleteStage(project: ProjectName, stage: StageName): Promise<void> {
    await this.store.repository(project).deleteBranch(stage);
  }

  /** The stages that hold a service, in the order of their bytes. */
  async stagesOf(project: ProjectName, service: ServiceName): Promise<StageName[]> {
    const repository = this.store.repository(project);
    const stages = this.stages(project);
    const holds = await Promise.all(
      stages.map((branch) => repository.hasFile({ branch, path: serviceMarker(service) })),
    );
    return stages.filter((_stage, index) => holds[index]);
  }

  /** @throws ServiceExists when one of the stages holds it already */
  async addService({ project, stages, service, creationDate, files }: NewService): Promise<void> {
    const marker = { path: serviceMarker(service), content: serviceMetadata(service, creationDate) };
    await this.store.repository(project).commitBranches(
      stages.map((branch) => ({
        branch,
        message: `Added service: ${service}`,
        ...requestCommit(),
        changes: async (current) => {
          if (await current.hasFile(marker.path)) {
            throw new ServiceExists();
          }
          return [...files, marker];
        },
      })),
    );
  }

  /** @throws ServiceNotFound when one of the stages does not hold it */
  async removeService(project: ProjectName, stages: readonly StageName[], service: ServiceName): Promise<void> {
    await this.store.repository(project).commitBranches(
      stages.map((branch) => ({
        branch,
        message: `Deleted service: ${service}`,
        ...requestCommit(),
        changes: async (current) => {
          if (!(await current.hasFile(serviceMarker(service)))) {
            throw new ServiceNotFound();
          }
          return [{ folder: service, delete: true }];
        },
      })),
    );
  }
}
