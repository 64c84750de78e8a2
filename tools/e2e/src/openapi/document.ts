import { SERVICES_WITH_API } from '@keptn/service-catalog';

/** As much of a schema of OpenAPI 3.0 as the tests look at. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly nullable?: boolean;
  readonly example?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
  readonly example?: unknown;
}

interface Content {
  readonly [mediaType: string]: { readonly schema?: Schema; readonly example?: unknown } | undefined;
}

export interface Response {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Content;
}

export interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly deprecated?: boolean;
  readonly 'x-internal'?: boolean;
  readonly 'x-keptn-scope'?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, Response>>;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly servers?: readonly { readonly url: string }[];
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: {
    readonly schemas?: Readonly<Record<string, Schema>>;
    readonly responses?: Readonly<Record<string, Response>>;
  };
}

/** An operation of a document, with all that is needed to call it. */
export interface DocumentedOperation extends Operation {
  /** `GET /v1/project of configuration-service`. */
  readonly title: string;
  readonly method: string;
  /** Path of its template behind the host: the document's server and the operation's path. */
  readonly path: string;
  readonly document: OpenApiDocument;
}

/** Where the documents are behind the gateway, as its Swagger UI links them. */
const DOCUMENTS: ReadonlyMap<string, string> = new Map(
  SERVICES_WITH_API.map(({ name, apiPath }) => [name, `${apiPath}/swagger-ui/swagger.json`.replace('/api/', '')]),
);

export const DOCUMENTED_SERVICES = [...DOCUMENTS.keys()];

/**
 * Reads the document of a service through the gateway.
 *
 * @param endpoint of the gateway, e.g. `http://localhost:8080/api`
 */
export async function readDocument(endpoint: string, service: string): Promise<OpenApiDocument> {
  const response = await fetch(documentUrl(endpoint, service));
  return (await response.json()) as OpenApiDocument;
}

/** @returns every operation of the document, under the path that a client gets by resolving `servers` */
export function operationsOf(document: OpenApiDocument, endpoint: string, service: string): DocumentedOperation[] {
  const server = new URL(document.servers?.[0]?.url ?? '/', documentUrl(endpoint, service)).pathname.replace(/\/$/, '');
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      ...operation,
      title: `${method.toUpperCase()} ${path} of ${service}`,
      method: method.toUpperCase(),
      path: `${server}${path}`,
      document,
    })),
  );
}

/** What a schema refers to, or the schema itself. */
export const resolveSchema = ({ components }: OpenApiDocument, schema: Schema): Schema =>
  referred(schema, components?.schemas);

/** What an operation says of a status, undefined when it says nothing. */
export function responseOf({ responses, document }: DocumentedOperation, status: number): Response | undefined {
  const response = responses[status];
  return response && referred(response, document.components?.responses);
}

const referred = <T extends { readonly $ref?: string }>(object: T, named: Readonly<Record<string, T>> = {}): T => {
  if (object.$ref === undefined) {
    return object;
  }
  const found = named[object.$ref.split('/').at(-1) ?? ''];
  if (found === undefined) {
    throw new Error(`the document refers to ${object.$ref}, which it does not have`);
  }
  return found;
};

const documentUrl = (endpoint: string, service: string): URL => new URL(`${endpoint}/${DOCUMENTS.get(service) ?? ''}`);
