import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Datastore } from './datastore';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  /** Of a required parameter the example is in its schema, from where Swagger UI fills it in. */
  readonly schema: { readonly example?: unknown };
  readonly 'x-example'?: unknown;
}

interface Operation {
  readonly summary: string;
  readonly 'x-internal'?: boolean;
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { content: Readonly<Record<string, { schema: { example: unknown } }>> };
}

let datastore: Datastore;
let operations: Readonly<Record<string, Readonly<Record<string, Operation>>>>;

beforeAll(async () => {
  datastore = await Datastore.start();
  const { json } = await datastore.get('/swagger-ui/swagger.json');
  operations = (json as { paths: typeof operations }).paths;
});

afterAll(() => datastore.close());

const exampleOf = (parameter: Parameter): unknown => parameter['x-example'] ?? parameter.schema.example;

describe('the OpenAPI document', () => {
  it('has every operation, with its failures', () => {
    const all = Object.entries(operations).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { responses }]) => `${method} ${path} ${Object.keys(responses).join(' ')}`),
    );
    expect(all.toSorted()).toEqual([
      'delete /pending-event/{id} 204 400 401 403 405 414 429 431 500 502 503 504',
      'get /event 200 400 401 403 405 406 429 431 500 502 503 504',
      'get /event/context/{keptnContext} 200 400 401 403 404 405 406 414 429 431 500 502 503 504',
      'get /event/stream 200 400 401 403 405 406 429 431 500 502 503 504',
      'get /event/type/{eventType} 200 400 401 403 405 406 414 429 431 500 502 503 504',
      'get /event/{id} 200 400 401 403 404 405 406 414 429 431 500 502 503 504',
      'get /pending-event 200 401 403 405 406 429 431 500 502 503 504',
      'get /reader/context/{keptnContext} 200 400 401 403 405 406 414 429 431 500 502 503 504',
      'get /reader/event 200 400 401 403 405 406 429 431 500 502 503 504',
      'get /reader/position 200 400 401 403 405 406 429 431 500 502 503 504',
      'post /event 201 207 400 401 403 404 405 408 409 413 415 429 431 500 502 503 504',
      'post /idempotency-key 200 400 401 403 405 408 413 415 429 431 500 502 503 504',
      'post /pending-event 204 400 401 403 404 405 408 413 415 429 431 500 502 503 504',
      'post /pending-event/{id}/publication 204 400 401 403 404 405 409 414 429 431 500 502 503 504',
      'put /reader/{name} 200 400 401 403 405 408 413 414 415 429 431 500 502 503 504',
    ]);
  });

  it('says which answers come as lines as well', () => {
    const mediaTypes = Object.entries(operations)
      .filter(([, { get }]) => get !== undefined)
      .map(([path, { get }]) => [path, Object.keys(get?.responses['200']?.content ?? {})]);
    expect(Object.fromEntries(mediaTypes)).toEqual({
      '/event': ['application/json', 'application/x-ndjson'],
      '/event/context/{keptnContext}': ['application/json', 'application/x-ndjson'],
      '/event/stream': ['text/event-stream'],
      '/event/type/{eventType}': ['application/json'],
      '/event/{id}': ['application/json'],
      '/pending-event': ['application/json'],
      '/reader/context/{keptnContext}': ['application/json'],
      '/reader/event': ['application/json'],
      '/reader/position': ['application/json'],
    });
  });

  it('marks the operation that only services call', () => {
    expect(operations['/event']?.['post']).toMatchObject({
      summary: expect.stringContaining('INTERNAL'),
      'x-internal': true,
    });
    expect(operations['/event']?.['get']).not.toHaveProperty('x-internal');
  });

  it('has an example body that can be posted as it stands', async () => {
    const contents = Object.values(operations['/event']?.['post']?.requestBody?.content ?? {});
    expect(contents.length).toBeGreaterThan(0);
    for (const { schema } of contents) expect(await datastore.post(schema.example)).toMatchObject({ status: 201 });
  });

  it('has an example for every parameter, and all of them work together', async () => {
    for (const [path, { get }] of Object.entries(operations)) {
      if (get === undefined || path === '/event/stream') continue;
      const examples = get.parameters.filter((parameter) => parameter.in === 'query' && parameter.name !== 'wait');
      expect(examples.filter((parameter) => exampleOf(parameter) === undefined || !parameter.description)).toEqual([]);
      const query = Object.fromEntries(examples.map((parameter) => [parameter.name, String(exampleOf(parameter))]));
      const answer = await datastore.get(path.replace(/\{\w+\}/, 'x'), query);
      expect([200, 404]).toContain(answer.status);
    }
  });
});
