import { NO_FURTHER_PAGE } from '@keptn/api-models';
import { type Base64Content, type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { BadGateway, RelayedError, ServiceClient, type ServiceRequest } from '@keptn/service-kit';
import { type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';

export interface NewProject {
  readonly projectName: ProjectName;
  readonly shipyard: Base64Content;
  readonly gitUser?: string | undefined;
  readonly gitToken?: string | undefined;
  readonly gitPrivateKey?: string | undefined;
  readonly gitRemoteURI?: string | undefined;
}

export interface NewService {
  readonly serviceName: ServiceName;
  /** Written into the service's folder on every stage, in the same step. */
  readonly resources: readonly { readonly resourceURI: string; readonly resourceContent: Base64Content }[];
}

const stageList = z.object({ stages: z.array(z.object({ stageName: z.string() })) });

const historyPage = z.object({
  history: z.array(z.object({ keptnContext: z.string().optional() })),
  nextPageKey: z.string(),
});

/** A part of the history of a project. */
export interface BranchPart {
  /** Whose branch it is; the project's own when absent. */
  readonly stage?: string;
  /** Only commits that changed this. */
  readonly resourceURI?: string;
}

const changedStages = z.object({ stages: z.array(z.string()) });

/** More than configuration-service gives an upstream, less than the gateway waits for an answer; in milliseconds. */
const UPSTREAM_TIMEOUT_MS = 85_000;

/**
 * What this service asks of configuration-service. Each call is one step there: done as a whole, or not at all. All throw
 * the kit's RelayedError with the status and reason given there, or ServiceUnavailable.
 */
export class ConfigurationServiceClient implements OnApplicationShutdown {
  private readonly client: ServiceClient;
  /** Waits for upstream repositories, which are read as a whole before a project is made from one. */
  private readonly patientClient: ServiceClient;

  constructor(url: string, token: string) {
    const service = { name: 'configuration-service', url, token };
    this.client = new ServiceClient(service);
    this.patientClient = new ServiceClient({ ...service, timeoutMs: UPSTREAM_TIMEOUT_MS });
  }

  async createProject(project: NewProject): Promise<void> {
    await this.patientClient.request({ method: 'POST', path: ['v1', 'project'], body: project });
  }

  /** Throws what {@link createProject} would throw. */
  async checkProject(project: NewProject): Promise<void> {
    const query = { dryRun: 'true' };
    await this.patientClient.request({ method: 'POST', path: ['v1', 'project'], query, body: project });
  }

  async deleteProject(project: ProjectName): Promise<void> {
    await this.client.request({ method: 'DELETE', path: ['v1', 'project', project] });
  }

  /** @returns the stages that have the service now */
  async createService(project: ProjectName, service: NewService): Promise<readonly string[]> {
    const path = ['v1', 'project', project, 'service'];
    return stagesOf(await this.client.request({ method: 'POST', path, body: service }));
  }

  /** @returns the stages that had the service */
  async deleteService(project: ProjectName, service: ServiceName): Promise<readonly string[]> {
    const path = ['v1', 'project', project, 'service', service];
    return stagesOf(await this.client.request({ method: 'DELETE', path }));
  }

  /** Throws RelayedError 404 `Project not found`, `Stage not found` or `Service not found`. */
  async requireService(project: ProjectName, stage: StageName, service: ServiceName): Promise<void> {
    await this.client.request({
      method: 'GET',
      path: ['v1', 'project', project, 'stage', stage, 'service', service],
    });
  }

  /** @returns the names of the project's stages, undefined when there is no such project */
  async stagesOfProject(project: string): Promise<readonly string[] | undefined> {
    const answer = await this.find(['v1', 'project', project]);
    return answer && read(stageList, answer).stages.map(({ stageName }) => stageName);
  }

  /** @returns whether the service is on any stage of the project */
  async hasService(project: string, service: string): Promise<boolean> {
    return (await this.find(['v1', 'project', project, 'service', service])) !== undefined;
  }

  /** The Keptn contexts of the commits on a branch, newest first; none where there is no such project or stage. */
  async *contextsOfChanges(
    project: string,
    { stage, resourceURI }: BranchPart = {},
  ): AsyncGenerator<string | undefined> {
    const path = ['v1', 'project', project, ...(stage === undefined ? [] : ['stage', stage]), 'history'];
    let nextPageKey: string | undefined;
    do {
      const answer = await this.find(path, { resourceURI, nextPageKey });
      if (answer === undefined) return;
      const page = read(historyPage, answer);
      yield* page.history.map(({ keptnContext }) => keptnContext);
      nextPageKey = page.nextPageKey;
    } while (nextPageKey !== NO_FURTHER_PAGE);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.client.close(), this.patientClient.close()]);
  }

  private async find(path: readonly string[], query: ServiceRequest['query'] = {}): Promise<object | undefined> {
    try {
      return (await this.client.request({ method: 'GET', path, query })) as object;
    } catch (error) {
      if (error instanceof RelayedError && error.status === 404) return undefined;
      throw error;
    }
  }
}

function stagesOf(answer: unknown): readonly string[] {
  return read(changedStages, answer).stages;
}

function read<Answer>(schema: z.ZodType<Answer>, answer: unknown): Answer {
  const result = schema.safeParse(answer);
  if (!result.success) {
    throw new BadGateway('configuration-service sent an answer that is not the expected one');
  }
  return result.data;
}
