import { gzipSync } from 'node:zlib';
import { errorBody } from '@keptn/api-models';
import { SERVICES } from '@keptn/service-catalog';
import { beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENTED_SERVICES, type DocumentedOperation, operationsOf, readDocument } from './openapi/document';
import { exampleOf } from './openapi/example-request';
import { sendRaw } from './raw-request';
import { type ReachableSystem } from './running-system';
import { sharedSystem } from './shared-system';

/** What HTTP permits, or a careless client sends, and no service serves. */
const UNSERVED = [
  ['TRACE', ['TRACE / HTTP/1.1', 'Host: a'], 405],
  ['CONNECT', ['CONNECT example.com:443 HTTP/1.1', 'Host: example.com:443'], 405],
  ['a request without Host', ['GET / HTTP/1.1'], 400],
  ['another expectation than 100-continue', ['POST / HTTP/1.1', 'Host: a', 'Expect: a-miracle'], 417],
] as const;

/** Bodies that cannot be read as they are meant. That the project of a resource does not exist is said before a missing body is. */
const BODIES: readonly (readonly [
  what: string,
  headers: readonly string[],
  body: Buffer,
  statuses: readonly number[],
])[] = [
  ['another charset', ['Content-Type: application/json; charset=iso-8859-1'], Buffer.from('{}'), [415]],
  ['octets that are no UTF-8', ['Content-Type: application/json'], Buffer.from('{"a":"\xe9"}', 'latin1'), [400]],
  ['a byte order mark alone', ['Content-Type: application/json'], Buffer.from('\ufeff'), [400, 404]],
  ['a compressed body', ['Content-Type: application/json', 'Content-Encoding: gzip'], gzipSync('{}'), [415]],
];

/** More than the buffers of a connection and the limit of any body. */
const LARGE_BODY = Buffer.alloc(17 << 20, 'x');

let system: ReachableSystem;
let token: string;
let operations: DocumentedOperation[];

beforeAll(async () => {
  system = await sharedSystem();
  token = await system.token();
  const ofServices = DOCUMENTED_SERVICES.map(async (service) =>
    operationsOf(await readDocument(system.endpoint, service), system.endpoint, service),
  );
  operations = (await Promise.all(ofServices)).flat();
});

describe.each(SERVICES)('$name, asked directly', ({ portOffset }) => {
  it.each(UNSERVED)('answers %s in JSON', async (_what, head, status) => {
    const answer = await sendRaw(system.launch.firstPort + portOffset, head);
    expect(answer).toMatchObject({ status, json: { code: status, message: expect.any(String) } });
  });

  it('leaves a client whose large body it refuses its answer', async () => {
    const head = ['POST /no-door HTTP/1.1', 'Host: a', 'Content-Type: application/json', `X-Token: ${token}`];
    const { status, json } = await sendRaw(system.launch.firstPort + portOffset, head, LARGE_BODY);
    expect([404, 405, 413]).toContain(status);
    expect(json).toMatchObject({ code: status });
  });
});

/** Of the gateway's clients; what is for services is refused before its body is looked at. */
const takesBody = ({ requestBody, 'x-keptn-scope': scope }: DocumentedOperation): boolean =>
  requestBody !== undefined && scope !== 'service';

describe('every operation that takes a body', () => {
  it.each(BODIES)('refuses %s, and says why', async (_what, headers, body, statuses) => {
    const served: string[] = [];
    for (const operation of operations.filter(takesBody)) {
      const { method, path } = exampleOf(operation, token);
      const head = [`${method} ${path} HTTP/1.1`, 'Host: a', `X-Token: ${token}`, ...headers];
      const { status, json } = await sendRaw(system.launch.firstPort, head, body);
      const isRefusal = statuses.includes(status) && errorBody.safeParse(json).data?.code === status;
      if (!isRefusal) served.push(`${operation.title}: ${status} ${JSON.stringify(json)}`);
    }
    expect(served).toEqual([]);
  });

  it('belongs to each service', () => {
    const takers = operations.filter(takesBody).map(({ title }) => title);
    for (const service of DOCUMENTED_SERVICES)
      expect(takers.some((title) => title.endsWith(` of ${service}`))).toBe(true);
  });
});
