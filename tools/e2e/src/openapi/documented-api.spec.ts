import process from 'node:process';
import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from '../running-system';
import { AnswerCheck, type HttpAnswer } from './answer-check';
import { type ArbitraryRequest, requestOf } from './arbitrary-request';
import { exampleOf } from './example-request';
import { DOCUMENTED_SERVICES, type DocumentedOperation, operationsOf, readDocument } from './document';

/** Requests in a run; a long run has e.g. 20000, with another seed. */
const REQUESTS = Number(process.env['OPENAPI_REQUESTS'] ?? 300);
const SEED = Number(process.env['OPENAPI_SEED'] ?? 1);

/** Milliseconds for a request on a busy machine. */
const PATIENCE_PER_REQUEST_MS = 400;

const shipyard = Buffer.from('stages:\n  - name: dev\n  - name: production\n').toString('base64');

describe('the API behaves as its OpenAPI documents say', () => {
  let system: LaunchedSystem;
  let client: Pool;
  let operations: DocumentedOperation[];

  beforeAll(async () => {
    system = await startSystem(await newLaunch());
    client = new Pool(new URL(system.endpoint).origin, { connections: 1 });
    operations = await Promise.all(
      DOCUMENTED_SERVICES.map(async (service) =>
        operationsOf(await readDocument(system.endpoint, service), system.endpoint, service),
      ),
    ).then((lists) => lists.flat());
  });

  afterAll(async () => {
    await client.close();
    await system.interrupt();
    await removeData(system.launch);
  });

  /** What the operations before have deleted is there again. */
  const restoreExamples = async (): Promise<void> => {
    await system.call('POST', '/v1/project', { name: 'sockshop', shipyard });
    await system.call('POST', '/v1/project/sockshop/service', { serviceName: 'carts' });
    await system.call('PUT', '/configuration-service/v1/project/sockshop/service/carts/resource', {
      resources: [{ resourceURI: 'slo.yaml', resourceContent: '' }],
    });
  };

  const send = async ({ method, path, headers, body }: ArbitraryRequest): Promise<HttpAnswer> => {
    const {
      statusCode,
      headers: answered,
      body: stream,
    } = await client.request({
      method,
      path,
      headers,
      ...(body !== undefined && { body }),
    });
    const contentType = String(answered['content-type'] ?? '');
    if (contentType.startsWith('text/event-stream')) {
      stream.destroy();
      return { status: statusCode, contentType, text: '' };
    }
    return { status: statusCode, contentType, text: await stream.text() };
  };

  it.each(DOCUMENTED_SERVICES)('the document of %s is valid OpenAPI 3.0', async (service) => {
    const document = await readDocument(system.endpoint, service);
    const { valid, errors } = await new Validator().validate({ ...document });
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(document.openapi).toMatch(/^3\.0\./);
  });

  it('the bodies that api-service has as examples work as they stand, in this order', async () => {
    const token = await system.token();
    const statuses: string[] = [];
    for (const operationId of ['Project_create', 'Service_create', 'Event_send', 'Evaluation_start']) {
      const operation = operations.find(
        (each) => each.operationId === operationId && each.title.endsWith(' of api-service'),
      );
      const { status } = await send(exampleOf(operation, token));
      statuses.push(`${operationId} ${status}`);
    }
    expect(statuses).toEqual(['Project_create 200', 'Service_create 200', 'Event_send 200', 'Evaluation_start 200']);
  });

  it(
    `whatever is sent: ${REQUESTS} requests with seed ${SEED}`,
    { timeout: 60_000 + REQUESTS * PATIENCE_PER_REQUEST_MS },
    async () => {
      const check = new AnswerCheck();
      const violations: string[] = [];
      const token = await system.token();
      for (const operation of operations) {
        await restoreExamples();
        const { counterexample, errorInstance } = await fc.check(
          fc.asyncProperty(requestOf(operation, token), async (request) => {
            const violation = check.violationOf(operation, await send(request));
            if (violation !== undefined) {
              throw new Error(violation);
            }
          }),
          { seed: SEED, numRuns: Math.ceil(REQUESTS / operations.length) },
        );
        if (counterexample !== null) {
          const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
          violations.push(`${operation.title} ${reason}\n  for ${JSON.stringify(counterexample[0])}`);
        }
      }
      expect(violations.join('\n')).toBe('');
    },
  );
});
