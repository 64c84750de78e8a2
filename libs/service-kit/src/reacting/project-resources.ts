import { z } from 'zod';
import { type ServiceClient } from '../client/service-client';
import { BadGateway, RelayedError } from '../errors/service-error';

/** Where a resource belongs: to a service, or to its stage or project where the names end. */
export interface ResourceScope {
  readonly project: string;
  readonly stage?: string;
  readonly service?: string;
}

/** Standard base64; an empty file may come without content, but not without its name. */
const resource = z.union([
  z.looseObject({ resourceContent: z.base64() }),
  z.looseObject({ resourceURI: z.string(), resourceContent: z.undefined().optional() }),
]);

/** Answers that prove that something is not there, or cannot be there under such a name. */
const ABSENT: ReadonlySet<number> = new Set([400, 404]);

/** The files of projects, as configuration-service has them. */
export class ProjectResources {
  /** @param client of configuration-service */
  constructor(private readonly client: ServiceClient) {}

  /**
   * The content of a resource.
   *
   * @returns undefined when it, or what it would belong to, does not exist; only what is proven not to be there counts as missing
   * @throws ServiceError when configuration-service cannot be asked
   */
  content(scope: ResourceScope, uri: string): Promise<Buffer | undefined> {
    return unlessAbsent(this.required(scope, uri));
  }

  /** As {@link content}. @throws RelayedError when the resource, or what it would belong to, does not exist */
  async required({ project, stage, service }: ResourceScope, uri: string): Promise<Buffer> {
    const path = [
      ...['v1', 'project', project],
      ...(stage === undefined ? [] : ['stage', stage]),
      ...(service === undefined ? [] : ['service', service]),
      ...['resource', uri],
    ];
    const read = resource.safeParse(await this.client.request({ method: 'GET', path }));
    if (!read.success) throw new BadGateway('configuration-service sent an answer that is not a resource');
    return Buffer.from(read.data.resourceContent ?? '', 'base64');
  }
}

/** Whether an answer proves that what was asked for does not exist, or cannot exist under such a name. */
export const isAbsence = (error: unknown): error is RelayedError =>
  error instanceof RelayedError && ABSENT.has(error.status);

/** @returns undefined when the answer proves that what was asked for does not exist */
export async function unlessAbsent<Answer>(pending: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await pending;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}
