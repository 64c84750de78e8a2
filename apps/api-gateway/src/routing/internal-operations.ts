import { HttpClient, ServiceError, ServiceUnavailable } from '@keptn/service-kit';
import { z } from 'zod';

/** What is needed of a service's OpenAPI document. */
const openApiDocument = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ 'x-internal': z.boolean().optional() }))),
});

interface Operation {
  readonly method: string;
  readonly path: RegExp;
  readonly isInternal: boolean;
}

/** How long a document is believed; a service may be replaced by a newer one. */
const MAX_AGE_MS = 60_000;

const TIMEOUT_MS = 5_000;

/**
 * The operations of a service that its OpenAPI document marks with `x-internal`. The service says so itself, in one place; the
 * gateway asks. As long as it has no document, it takes everything for internal.
 */
export class InternalOperations {
  private operations: readonly Operation[] | undefined;
  private readAt = -Infinity;
  private reading: Promise<void> | undefined;
  private readonly http: HttpClient;

  /**
   * @param name of the service, for messages
   * @param url base URL of the service
   */
  constructor(
    private readonly name: string,
    url: string,
  ) {
    this.http = new HttpClient({ name, url, timeoutMs: TIMEOUT_MS, connections: 1 });
  }

  /**
   * @param path in canonical form, as the service gets it
   * @throws ServiceError with INTERNAL_OPERATION, ServiceUnavailable when the service cannot be asked
   */
  async refuse(method: string, path: string): Promise<void> {
    if (performance.now() - this.readAt > MAX_AGE_MS) {
      this.reading ??= this.read().finally(() => (this.reading = undefined));
      await this.reading;
    }
    const asked = method === 'HEAD' ? 'GET' : method;
    const operation = this.operations?.find((each) => each.method === asked && each.path.test(path));
    if (operation?.isInternal === true) {
      throw new ServiceError(
        'INTERNAL_OPERATION',
        'this operation is for the services of the control plane, and not open to the outside',
      );
    }
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private async read(): Promise<void> {
    try {
      const { status, body } = await this.http.send({ path: '/swagger-ui/swagger.json' });
      if (status !== 200) {
        throw new Error(`answered ${status}`);
      }
      this.operations = operationsOf(openApiDocument.parse(JSON.parse(body)));
      this.readAt = performance.now();
    } catch (error) {
      if (this.operations === undefined) {
        throw new ServiceUnavailable(
          `${this.name}, which says what is internal, cannot be read; try again in a moment`,
          {
            cause: error,
          },
        );
      }
    }
  }
}

const operationsOf = ({ paths }: z.infer<typeof openApiDocument>): Operation[] =>
  Object.entries(paths)
    .sort(([one], [other]) => comparePrecedence(one, other))
    .flatMap(([template, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path: toRegExp(template),
        isInternal: operation['x-internal'] === true,
      })),
    );

/** As the services' router decides: at the first difference a fixed part comes before a parameter. */
const comparePrecedence = (one: string, other: string): number => {
  const [these, those] = [one.split('/'), other.split('/')];
  const index = these.findIndex((part, at) => part !== those[at]);
  return Number(these[index]?.startsWith('{') ?? false) - Number(those[index]?.startsWith('{') ?? false);
};

const toRegExp = (template: string): RegExp => {
  const source = template
    .split('/')
    .map((part) => (part.startsWith('{') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${source}/?$`);
};
