import { type RelayedError, ServiceClient } from '@keptn/service-kit';
import { isAbsence, ProjectResources, type ResourceScope } from '@keptn/service-kit/reacting';
import { type OnApplicationShutdown } from '@nestjs/common';
import { readSloFile, type SloFile } from './slo-file';

const NOT_FOUND = 404;

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
    if (unnamed !== undefined) return unknown(unnamed, names);
    try {
      return readSloFile((await this.resources.required(names, 'slo.yaml')).toString('utf8'));
    } catch (error) {
      if (isAbsence(error)) return this.withoutFile(names, error);
      throw error;
    }
  }

  /** @returns the text of a resource; undefined when it, or what it would belong to, does not exist */
  async content(scope: ResourceScope, uri: string): Promise<string | undefined> {
    return (await this.resources.content(scope, uri))?.toString('utf8');
  }

  onApplicationShutdown(): Promise<void> {
    return this.client.close();
  }

  /**
   * Asks for the service, since an unknown project and a missing file are both 404.
   *
   * @throws the refusal of the file when the service exists and that does not say that the file is missing
   */
  private async withoutFile(names: ServiceNames, refusal: RelayedError): Promise<SloFile> {
    const { project, stage, service } = names;
    try {
      const path = ['v1', 'project', project, 'stage', stage, 'service', service];
      await this.client.request({ method: 'GET', path });
    } catch (error) {
      if (isAbsence(error)) return unknownIn(error.message, names);
      throw error;
    }
    if (refusal.status !== NOT_FOUND) throw refusal;
    return { kind: 'none' };
  }
}

const unknown = (name: keyof ServiceNames, names: ServiceNames): SloFile => ({
  kind: 'unknown',
  message: `${name} not found`,
  reason: `${name} ${names[name]} not found`,
});

/** The texts of configuration-service are the same in 0.7.3 and here. */
function unknownIn(message: string, names: ServiceNames): SloFile {
  const name = (['project', 'stage', 'service'] as const).find((each) =>
    message.toLowerCase().includes(`${each} not found`),
  );
  return name === undefined ? { kind: 'unknown', message, reason: message } : unknown(name, names);
}
