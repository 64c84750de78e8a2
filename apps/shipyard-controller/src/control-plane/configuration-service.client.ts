import { type AnswerOf, type configurationApi, type ExpandedProject } from '@keptn/api-models';
import { type Client, createClient } from '@keptn/api-models/client';
import { ServiceClient } from '@keptn/service-kit';
import { ProjectResources, type ResourceScope, unlessAbsent } from '@keptn/service-kit/reacting';
import { type OnApplicationShutdown } from '@nestjs/common';
import { type Subject } from '../decision/context-event';

type ProjectPage = AnswerOf<typeof configurationApi.listProjects>;

/** What this service asks of configuration-service. Everything throws ServiceError when it cannot be asked. */
export class ConfigurationServiceClient implements OnApplicationShutdown {
  private readonly client: ServiceClient;
  private readonly call: Client<typeof configurationApi>;
  private readonly resources: ProjectResources;

  constructor(url: string, token: string) {
    this.client = new ServiceClient({ name: 'configuration-service', url, token });
    this.call = createClient<typeof configurationApi>((request) => this.client.request(request));
    this.resources = new ProjectResources(this.client);
  }

  /** @returns undefined when the resource, or what it would belong to, does not exist */
  content(scope: ResourceScope, uri: string): Promise<Buffer | undefined> {
    return this.resources.content(scope, uri);
  }

  /** @returns undefined when there is no such project */
  project(project: string): Promise<ExpandedProject | undefined> {
    return unlessAbsent(this.call('GET /v1/project/{project}', { parameters: { project } }));
  }

  /** One page of the projects, in the order of their creation. */
  projects(page: { readonly pageSize: number; readonly nextPageKey?: string | undefined }): Promise<ProjectPage> {
    const { pageSize, nextPageKey } = page;
    return this.call('GET /v1/project', { query: { pageSize: String(pageSize), nextPageKey } });
  }

  /** Of a service that configuration-service does not have, nothing is kept. */
  async openApproval(subject: Subject, approval: Readonly<Record<string, string>>): Promise<void> {
    await unlessAbsent(
      this.call('POST /v1/project/{project}/stage/{stage}/service/{service}/approval', {
        parameters: subject,
        body: approval,
      }),
    );
  }

  async closeApproval(subject: Subject, eventId: string): Promise<void> {
    await unlessAbsent(
      this.call('DELETE /v1/project/{project}/stage/{stage}/service/{service}/approval/{eventId}', {
        parameters: { ...subject, eventId },
      }),
    );
  }

  async openRemediation(subject: Subject, remediation: Readonly<Record<string, string>>): Promise<void> {
    await unlessAbsent(
      this.call('POST /v1/project/{project}/stage/{stage}/service/{service}/remediation', {
        parameters: subject,
        body: remediation,
      }),
    );
  }

  async closeRemediations(subject: Subject, keptnContext: string): Promise<void> {
    await unlessAbsent(
      this.call('DELETE /v1/project/{project}/stage/{stage}/service/{service}/remediation/{keptnContext}', {
        parameters: { ...subject, keptnContext },
      }),
    );
  }

  onApplicationShutdown(): Promise<void> {
    return this.client.close();
  }
}
