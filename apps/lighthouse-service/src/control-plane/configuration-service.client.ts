import { BadGateway, RelayedError, ServiceClient } from '@keptn/service-kit';
import { type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import { readSloFile, type SloFile } from './slo-file';

export interface ServiceNames {
  readonly project: string;
  readonly stage: string;
  readonly service: string;
}

const resource = z.looseObject({ resourceContent: z.string().nullish() });

const NOT_FOUND = 404;

/** What this service asks of configuration-service. Everything throws ServiceError when it cannot be asked. */
export class ConfigurationServiceClient implements OnApplicationShutdown {
  private readonly client: ServiceClient;

  constructor(url: string, token: string) {
    this.client = new ServiceClient({ name: 'configuration-service', url, token });
  }

  /** The `slo.yaml` of a service. Only what is proven not to be there counts as missing. */
  async sloFile(names: ServiceNames): Promise<SloFile> {
    const unnamed = (['project', 'stage', 'service'] as const).find((name) => names[name] === '');
    if (unnamed !== undefined) return { kind: 'unknown', reason: `${unnamed} ${names[unnamed]} not found` };
    const text = await this.content(names, 'slo.yaml');
    return text === undefined ? this.withoutFile(names) : readSloFile(text);
  }

  /**
   * The text of a resource of a service, or of its stage or project where `names` end.
   *
   * @returns undefined when it, or what it would belong to, does not exist
   */
  async content(names: Partial<ServiceNames> & { readonly project: string }, uri: string): Promise<string | undefined> {
    const { project, stage, service } = names;
    const path = [
      'v1',
      ...['project', project],
      ...(stage === undefined ? [] : ['stage', stage]),
      ...(service === undefined ? [] : ['service', service]),
      ...['resource', uri],
    ];
    const answer = await unlessNotFound(this.client.request({ method: 'GET', path }));
    if (answer === undefined) return undefined;
    const content = resource.safeParse(answer);
    if (!content.success) throw new BadGateway('configuration-service sent an answer that is not a resource');
    return Buffer.from(content.data.resourceContent ?? '', 'base64').toString('utf8');
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

async function unlessNotFound<Answer>(pending: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await pending;
  } catch (error) {
    if (error instanceof RelayedError && (error.status === NOT_FOUND || isRefusedName(error))) return undefined;
    throw error;
  }
}

/** What has a name that nothing can have does not exist. */
const isRefusedName = ({ status }: RelayedError): boolean => status === 400;
