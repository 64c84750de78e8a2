import { type AnswerOf, type configurationApi, type ExpandedProject } from '@keptn/api-models';
import { type Client, createClient } from '@keptn/api-models/client';
import { BadGateway, RelayedError, ServiceClient } from '@keptn/service-kit';
import { type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import { type Subject } from '../decision/context-event';

const resource = z.looseObject({ resourceContent: z.string().nullish() });

type ProjectPage = AnswerOf<typeof configurationApi.listProjects>;

/** Answers that prove that something is not there, or cannot be there under such a name. */
const ABSENT = new Set([400, 404]);

/** What this service asks of configuration-service. Everything throws ServiceError when it cannot be asked. */
export class ConfigurationServiceClient implements OnApplicationShutdown {
  private readonly client: ServiceClient;
  private readonly call: Client<typeof configurationApi>;

  constructor(url: string, token: string) {
    this.client = new ServiceClient({ name: 'configuration-service', url, token });
    this.call = createClient<typeof configurationApi>((request) => this.client.request(request));
  }

  /**
   * A resource of a service, or of its stage or project where the scope ends.
   *
   * @returns undefined when it, or what it would belong to, does not exist
   */
  async content(scope: Partial<Subject> & { readonly project: string }, uri: string): Promise<Buffer | undefined> {
    const { project, stage, service } = scope;
    const path = [
      ...['v1', 'project', project],
      ...(stage === undefined ? [] : ['stage', stage]),
      ...(service === undefined ? [] : ['service', service]),
      ...['resource', uri],
    ];
    const answer = await unlessAbsent(this.client.request({ method: 'GET', path }));
    if (answer === undefined) return undefined;
    const content = resource.safeParse(answer);
    if (!content.success) throw new BadGateway('configuration-service sent an answer that is not a resource');
    return Buffer.from(content.data.resourceContent ?? '', 'base64');
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

async function unlessAbsent<Answer>(pending: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await pending;
  } catch (error) {
    if (error instanceof RelayedError && ABSENT.has(error.status)) return undefined;
    throw error;
  }
}
