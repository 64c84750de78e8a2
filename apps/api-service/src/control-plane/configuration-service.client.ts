import { type configurationApi, type ExpandedProject, NO_FURTHER_PAGE } from '@keptn/api-models';
import { type Client, createClient } from '@keptn/api-models/client';
import { serviceName, type ServiceName } from '@keptn/event-models';
import { RelayedError, ServiceClient } from '@keptn/service-kit';
import { type OnApplicationShutdown } from '@nestjs/common';

/** A part of the history of a project. */
export interface BranchPart {
  /** Whose branch it is; the project's own when absent. */
  readonly stage?: string;
  /** Only commits that changed this. */
  readonly resourceURI?: string;
}

/** More than configuration-service gives an upstream, less than the gateway waits for an answer; in milliseconds. */
const UPSTREAM_TIMEOUT_MS = 85_000;

/** As many as it lists at once. */
const PROJECTS_PAGE_SIZE = 50;

/**
 * What this service asks of configuration-service. Each call is one step there: done as a whole, or not at all. All throw
 * the kit's RelayedError with the status and reason given there, or ServiceUnavailable.
 */
export class ConfigurationServiceClient implements OnApplicationShutdown {
  readonly call: Client<typeof configurationApi>;
  /** For requests that wait for an upstream repository, which is read as a whole before a project is made from it. */
  readonly callWithUpstream: Client<typeof configurationApi>;
  private readonly clients: readonly ServiceClient[];

  constructor(url: string, token: string) {
    const service = { name: 'configuration-service', url, token };
    const client = new ServiceClient(service);
    const patientClient = new ServiceClient({ ...service, timeoutMs: UPSTREAM_TIMEOUT_MS });
    this.clients = [client, patientClient];
    this.call = createClient<typeof configurationApi>((request) => client.request(request));
    this.callWithUpstream = createClient<typeof configurationApi>((request) => patientClient.request(request));
  }

  /** All projects, page by page. */
  async *projects(): AsyncGenerator<ExpandedProject> {
    let nextPageKey: string | undefined;
    do {
      const page = await this.call('GET /v1/project', { query: { pageSize: String(PROJECTS_PAGE_SIZE), nextPageKey } });
      yield* page.projects;
      nextPageKey = page.nextPageKey;
    } while (nextPageKey !== NO_FURTHER_PAGE);
  }

  /** @returns the names of the project's stages, undefined when there is no such project */
  async stagesOfProject(project: string): Promise<readonly string[] | undefined> {
    const found = await orUndefined(this.call('GET /v1/project/{project}', { parameters: { project } }));
    return found?.stages.map(({ stageName }) => stageName);
  }

  /** @returns the names of the services that are on any stage of the project; none when there is no such project */
  async servicesOfProject(project: string): Promise<readonly ServiceName[]> {
    const found = await orUndefined(this.call('GET /v1/project/{project}', { parameters: { project } }));
    const names = found?.stages.flatMap(({ services }) => services.map(({ serviceName }) => serviceName)) ?? [];
    return [...new Set(names)].map((name) => serviceName.parse(name));
  }

  /** @returns whether the service is on any stage of the project */
  async hasService(project: string, service: string): Promise<boolean> {
    const parameters = { project, service };
    return (await orUndefined(this.call('GET /v1/project/{project}/service/{service}', { parameters }))) !== undefined;
  }

  /** The Keptn contexts of the commits on a branch, newest first; none where there is no such project or stage. */
  async *contextsOfChanges(
    project: string,
    { stage, resourceURI }: BranchPart = {},
  ): AsyncGenerator<string | undefined> {
    let nextPageKey: string | undefined;
    do {
      const query = { resourceURI, nextPageKey };
      const page = await orUndefined(
        stage === undefined
          ? this.call('GET /v1/project/{project}/history', { parameters: { project }, query })
          : this.call('GET /v1/project/{project}/stage/{stage}/history', { parameters: { project, stage }, query }),
      );
      if (page === undefined) return;
      yield* page.history.map(({ keptnContext }) => keptnContext);
      nextPageKey = page.nextPageKey;
    } while (nextPageKey !== NO_FURTHER_PAGE);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
  }
}

/** What a request answers, undefined for 404. */
async function orUndefined<Answer>(asking: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof RelayedError && error.status === 404) return undefined;
    throw error;
  }
}
