import { type Base64Content, type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { BadGateway, ServiceClient } from '@keptn/service-kit';
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

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.client.close(), this.patientClient.close()]);
  }
}

function stagesOf(answer: unknown): readonly string[] {
  const result = changedStages.safeParse(answer);
  if (!result.success) {
    throw new BadGateway('configuration-service did not say which stages have changed');
  }
  return result.data.stages;
}
