import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Method, StartedService } from './started-service';

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly example?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { name: string; in: string; schema: Schema; description?: string }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
  readonly responses: Readonly<Record<string, unknown>>;
  readonly 'x-internal'?: boolean;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Documented extends Operation {
  readonly method: Method;
  readonly path: string;
}

let service: StartedService;
let document: Document;
let operations: Documented[];
beforeAll(async () => {
  service = await StartedService.start();
  document = (await service.get('/swagger-ui/swagger.json')).body as Document;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      method: method.toUpperCase() as Method,
    })),
  );
});
afterAll(() => service.stop());

function exampleOf(schema: Schema): unknown {
  if (schema.$ref !== undefined) {
    return exampleOf(document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  }
  if (schema.example !== undefined) {
    return schema.example;
  }
  if (schema.allOf !== undefined) {
    return exampleOf(schema.allOf[0] ?? {});
  }
  if (schema.type === 'array') {
    return [exampleOf(schema.items ?? {})];
  }
  return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, each]) => [name, exampleOf(each)]));
}

async function tryOut({ method, path, parameters = [], requestBody }: Documented): Promise<number> {
  const url = parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce((text, { name, schema }) => text.replace(`{${name}}`, String(schema.example)), path);
  const body = requestBody && exampleOf(requestBody.content['application/json'].schema);
  return (await service.call(method, url, body === undefined ? {} : { body })).status;
}

/** Making comes before reading, and deleting is last, what is inside before what is around. */
const ORDER: readonly Method[] = ['POST', 'PUT', 'GET', 'DELETE'];
/** A new stage lacks the services that the other examples are about. */
const NEW_STAGE = 'POST /v1/project/{project}/stage';
const nameOf = ({ method, path }: Documented): string => `${method} ${path}`;
const rankOf = (operation: Documented): number =>
  nameOf(operation) === NEW_STAGE ? ORDER.indexOf('DELETE') - 0.5 : ORDER.indexOf(operation.method);
const inOrder = (a: Documented, b: Documented): number => rankOf(a) - rankOf(b) || b.path.length - a.path.length;

/** There is nothing to update in a project without an upstream, and no event log beside this service. */
const ALWAYS_REFUSED = new Set(['PUT /v1/project/{project}', 'POST /v1/view/rebuild']);
/** The same thing is deleted from one stage and from all stages: one of the two finds nothing. */
const DELETED_BEFORE = new Set([
  'DELETE /v1/project/{project}/service/{service}/resource/{path}',
  'DELETE /v1/project/{project}/service/{service}',
]);

describe("the API's description", () => {
  it('gives every operation a summary, a tag, and a meaning for each parameter', () => {
    expect(operations).toHaveLength(57);
    for (const { summary, tags, parameters = [] } of operations) {
      expect(summary).toMatch(/\w/);
      expect(tags).toHaveLength(1);
      for (const { description } of parameters) {
        expect(description).toMatch(/\w/);
      }
    }
  });

  it('names all parameters of a path, and no others', () => {
    for (const { path, parameters = [] } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((each) => each.in === 'path').map(({ name }) => name)).toEqual(inPath);
    }
  });

  it('marks the operations that only other services call', () => {
    const internal = operations.filter((each) => each['x-internal'] === true);
    expect(internal.every(({ summary }) => summary?.startsWith('INTERNAL: '))).toBe(true);
    expect(internal.map((operation) => nameOf(operation).replace('/v1', '')).sort()).toEqual(
      [
        'DELETE /project/{project}',
        'DELETE /project/{project}/service/{service}',
        'DELETE /project/{project}/stage/{stage}',
        'DELETE /project/{project}/stage/{stage}/service/{service}',
        'POST /event',
        'POST /project',
        'POST /project/{project}/service',
        'POST /project/{project}/stage',
        'POST /project/{project}/stage/{stage}/service',
        'POST /view/rebuild',
        'PUT /project/{project}',
        'PUT /project/{project}/stage/{stage}',
        'PUT /project/{project}/stage/{stage}/service/{service}',
      ].sort(),
    );
  });

  it('has examples that work, with answers that it knows, once there are sockshop, dev and carts', async () => {
    await service.project('sockshop', ['dev'], ['carts']);
    for (const operation of operations.toSorted(inOrder)) {
      const name = nameOf(operation);
      const status = await tryOut(operation);
      expect(Object.keys(operation.responses), name).toContain(String(status));
      if (!ALWAYS_REFUSED.has(name) && !DELETED_BEFORE.has(name)) {
        expect(status, name).toBeLessThan(300);
      }
    }
  });
});
