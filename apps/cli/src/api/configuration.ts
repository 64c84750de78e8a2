import {
  type Change,
  type ListedResource,
  type Project,
  type Resource,
  type Stage,
  type StageService,
} from './answers';
import { type HttpClient } from './http-client';
import { allPages } from './pages';
import { path, query } from './path';
import { scopePath, type ResourceScope, resourcesPath } from './resource-scope';

const ROOT = '/configuration-service/v1';

/** The largest page that configuration-service gives (contract 4.2). */
const PAGE_SIZE = 50;

const NO_FURTHER_PAGE = '0';

export interface UpstreamChange {
  readonly gitUser?: string | undefined;
  readonly gitToken?: string | undefined;
  readonly gitPrivateKey?: string | undefined;
  readonly gitRemoteURI?: string | undefined;
}

/** A file to be written, as it is sent. */
export interface NewResource {
  readonly resourceURI: string;
  /** Base64. */
  readonly resourceContent: string;
}

/** Projects as they are shown, and their resources: configuration-service (contract 4). */
export class Configuration {
  constructor(private readonly client: HttpClient) {}

  projects(): Promise<Project[]> {
    return allPages(this.client, `${ROOT}/project/`, { key: 'projects', pageSize: PAGE_SIZE });
  }

  project(project: string): Promise<Project> {
    return this.client.json({ method: 'GET', path: `${ROOT}${path`/project/${project}`}` });
  }

  async updateProject(project: string, change: UpstreamChange): Promise<void> {
    await this.client.json({
      method: 'PUT',
      path: `${ROOT}${path`/project/${project}`}`,
      body: { projectName: project, ...change, stages: null },
    });
  }

  stages(project: string): Promise<Stage[]> {
    return allPages(this.client, `${ROOT}${path`/project/${project}/stage`}`, { key: 'stages', pageSize: PAGE_SIZE });
  }

  services(project: string, stage: string): Promise<StageService[]> {
    return allPages(this.client, `${ROOT}${path`/project/${project}/stage/${stage}/service`}`, {
      key: 'services',
      pageSize: PAGE_SIZE,
    });
  }

  /** Creates a project without an event about it. */
  async createProject(projectName: string, shipyard: string): Promise<void> {
    await this.client.json({ method: 'POST', path: `${ROOT}/project`, body: { projectName, shipyard } });
  }

  /** Makes the branch of a stage; the shipyard stays as it is. */
  async createStage(project: string, stageName: string): Promise<void> {
    await this.client.json({ method: 'POST', path: `${ROOT}${path`/project/${project}/stage`}`, body: { stageName } });
  }

  /** Creates a service in one stage only, without an event about it. */
  async createServiceInStage(scope: Required<ResourceScope>): Promise<void> {
    const { project, stage, service } = scope;
    await this.client.json({
      method: 'POST',
      path: `${scopePath({ project, stage })}/service`,
      body: { serviceName: service },
    });
  }

  /** Paths of the resources, without a slash before them. */
  async resourcePaths(scope: ResourceScope): Promise<string[]> {
    const listed = await allPages<ListedResource>(this.client, resourcesPath(scope), {
      key: 'resources',
      pageSize: PAGE_SIZE,
    });
    return listed.map(({ resourceURI }) => resourceURI.replace(/^\//, ''));
  }

  /** @param commit full id of the commit to read it at; its latest version when absent */
  resource(scope: ResourceScope, uri: string, commit?: string): Promise<Resource> {
    return this.client.json({
      method: 'GET',
      path: `${resourcesPath(scope)}${path`/${uri}`}${query({ gitCommitID: commit })}`,
    });
  }

  /** Writes all of them in one commit; answers the commit that the branch is at. */
  addResources(scope: ResourceScope, resources: readonly NewResource[]): Promise<{ version: string }> {
    return this.client.json({ method: 'POST', path: resourcesPath(scope), body: { resources } });
  }

  /**
   * The latest changes, newest first.
   *
   * @param uri of a resource or folder; all of the scope when absent
   */
  async history(scope: ResourceScope, uri: string | undefined, limit: number): Promise<Change[]> {
    const changes: Change[] = [];
    let nextPageKey: string | undefined;
    do {
      const pageSize = Math.min(limit - changes.length, PAGE_SIZE);
      const page: { history: Change[]; nextPageKey: string } = await this.client.json({
        method: 'GET',
        path: `${scopePath(scope)}/history${query({ resourceURI: uri, pageSize, nextPageKey })}`,
      });
      changes.push(...page.history);
      nextPageKey = page.nextPageKey;
    } while (changes.length < limit && nextPageKey !== NO_FURTHER_PAGE);
    return changes;
  }

  async deleteResource(scope: ResourceScope, uri: string): Promise<void> {
    await this.client.json({ method: 'DELETE', path: `${resourcesPath(scope)}${path`/${uri}`}` });
  }
}
