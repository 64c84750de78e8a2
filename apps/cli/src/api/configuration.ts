import type { configurationApi, HistoryEntry, Resource, ResourceTree, Version } from '@keptn/api-models';
import { type Client, createClient, type InputOf } from '@keptn/api-models/client';
import { type Project, type Stage, type StageService } from './answers';
import { type HttpClient } from './http-client';
import { allPages, NO_FURTHER_PAGE, PAGE_SIZE } from './pages';
import { requiredBody } from './required-body';
import { type ResourceScope, scopePath } from './resource-scope';

export type ProjectUpdate = InputOf<typeof configurationApi.updateProject>['body'];

export type ServiceInStage = InputOf<typeof configurationApi.getServiceOfStage>['parameters'];

/** A file to be written. */
export interface NewResource {
  readonly resourceURI: string;
  /** Base64. */
  readonly resourceContent: string;
}

/** Projects as they are shown, and their resources: configuration-service (contract 4). */
export class Configuration {
  private readonly call: Client<typeof configurationApi>;

  constructor(client: HttpClient) {
    this.call = createClient<typeof configurationApi>((request) =>
      client.json({ ...request, path: `/configuration-service${request.path}` }),
    );
  }

  projects(): Promise<Project[]> {
    return allPages(
      (query) => this.call('GET /v1/project', { query }),
      ({ projects }) => projects,
    );
  }

  project(project: string): Promise<Project> {
    return this.call('GET /v1/project/{project}', { parameters: { project } });
  }

  async updateProject(project: string, update: ProjectUpdate): Promise<void> {
    const body = { projectName: project, ...update };
    await this.call('PUT /v1/project/{project}', { parameters: { project }, body });
  }

  stages(project: string): Promise<Stage[]> {
    return allPages(
      (query) => this.call('GET /v1/project/{project}/stage', { parameters: { project }, query }),
      ({ stages }) => stages,
    );
  }

  services(project: string, stage: string): Promise<StageService[]> {
    return allPages(
      (query) =>
        this.call('GET /v1/project/{project}/stage/{stage}/service', { parameters: { project, stage }, query }),
      ({ services }) => services,
    );
  }

  /** Creates a project without an event about it. */
  async createProject(projectName: string, shipyard: string): Promise<void> {
    await this.call('POST /v1/project', { body: { projectName, shipyard } });
  }

  /** Makes the branch of a stage; the shipyard stays as it is. */
  async createStage(project: string, stageName: string): Promise<void> {
    await this.call('POST /v1/project/{project}/stage', { parameters: { project }, body: { stageName } });
  }

  /** Creates a service in one stage only, without an event about it. */
  async createServiceInStage({ service, ...parameters }: ServiceInStage): Promise<void> {
    const body = { serviceName: service };
    await this.call('POST /v1/project/{project}/stage/{stage}/service', { parameters, body });
  }

  /** Paths of the resources, without a slash before them. */
  async resourcePaths(scope: ResourceScope): Promise<string[]> {
    const listed = await allPages(
      (query) => this.call(`GET ${scopePath(scope)}/resource`, { parameters: scope, query }),
      ({ resources }) => resources,
    );
    return listed.map(({ resourceURI }) => resourceURI.replace(/^\//, ''));
  }

  /** @param commit full id of the commit to read it at; its latest version when absent */
  async resource(scope: ResourceScope, uri: string, commit?: string): Promise<Resource> {
    const input = { parameters: { ...scope, path: uri }, query: { gitCommitID: commit } };
    return requiredBody(await this.call(`GET ${scopePath(scope)}/resource/{+path}`, input));
  }

  resourceTree(project: string): Promise<ResourceTree> {
    return this.call('GET /v1/project/{project}/resource-tree', { parameters: { project } });
  }

  /**
   * Writes all of them in one commit.
   *
   * @param message of the commit; the server words it when absent
   * @returns the commit that the branch is at
   */
  addResources(scope: ResourceScope, resources: NewResource[], message?: string): Promise<Version> {
    return this.call(`POST ${scopePath(scope)}/resource`, {
      parameters: scope,
      query: { message },
      body: { resources },
    });
  }

  /**
   * The latest changes, newest first.
   *
   * @param resourceURI of a resource or folder; all of the scope when absent
   */
  async history(scope: ResourceScope, resourceURI: string | undefined, limit: number): Promise<HistoryEntry[]> {
    const changes: HistoryEntry[] = [];
    let nextPageKey: string | undefined;
    do {
      const pageSize = String(Math.min(limit - changes.length, PAGE_SIZE));
      const query = { resourceURI, pageSize, nextPageKey };
      const page = await this.call(`GET ${scopePath(scope)}/history`, { parameters: scope, query });
      changes.push(...page.history);
      nextPageKey = page.nextPageKey;
    } while (changes.length < limit && !NO_FURTHER_PAGE.has(nextPageKey));
    return changes;
  }

  /** @param message of the commit; the server words it when absent */
  async deleteResource(scope: ResourceScope, uri: string, message?: string): Promise<void> {
    const input = { parameters: { ...scope, path: uri }, query: { message } };
    await this.call(`DELETE ${scopePath(scope)}/resource/{+path}`, input);
  }
}
