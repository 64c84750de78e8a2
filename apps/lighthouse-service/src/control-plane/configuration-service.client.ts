import { RelayedError, ServiceClient } from '@keptn/service-kit';
import { ProjectResources, type ResourceScope } from '@keptn/service-kit/reacting';
import { type OnApplicationShutdown } from '@nestjs/common';
import { readSloFile, type SloFile } from './slo-file';

export interface ServiceNames {
  readonly project: string;
  readonly stage: string;
  readonly service: string;
}

/** What this service asks of configuration-service. Everything throws ServiceError when it cannot be asked. */
export class ConfigurationServiceClient implements OnApplicationShutdown {
  private readonly client: ServiceClient;
  private readonly resources: ProjectResources;

  constructor(url: string, token: string) {
    this.client = new ServiceClient({ name: 'configuration-service', url, token });
    this.resources = new ProjectResources(this.client);
  }

  /** The `slo.yaml` of a service. Only what is proven not to be there counts as missing. */
  async sloFile(names: ServiceNames): Promise<SloFile> {
    const unnamed = (['project', 'stage', 'service'] as const).find((name) => names[name] === '');
    if (unnamed !== undefined) return { kind: 'unknown', reason: `${unnamed} ${names[unnamed]} not found` };
    const text = await this.content(names, 'slo.yaml');
    return text === undefined ? this.withoutFile(names) : readSloFile(text);
  }

  /** @returns the text of a resource; undefined when it, or what it would belong to, does not exist */
  async content(scope: ResourceScope, uri: string): Promise<string | undefined> {
    return (await this.resources.content(scope, uri))?.toString('utf8');
  }

  onApplicationShutdown(): Promise<void> {
    return this.client.close();
  }

  /** Asks for the service, since an unknown project and a missing file are both 404. */
  private async withoutFile(names: ServiceNames): Promise<SloFile> {
    const { project, stage, service } = names;
    try {
      const path = ['v1', 'project', project, 'stage', stage, 'service', service];
      await this.client.request({ method: 'GET', path });
      return { kind: 'none' };
    } catch (error) {
      if (!(error instanceof RelayedError) || error.status >= 500) throw error;
      return { kind: 'unknown', reason: unknownName(error.message, names) };
    }
  }
}

/** The texts of configuration-service are the same in 0.7.3 and here. */
function unknownName(message: string, names: ServiceNames): string {
  const name = (['project', 'stage', 'service'] as const).find((each) =>
    message.toLowerCase().includes(`${each} not found`),
  );
  return name === undefined ? message : `${name} ${names[name]} not found`;
}
