import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationServiceClient } from './configuration-service.client';

const NAMES = { project: 'sockshop', stage: 'staging', service: 'carts' };
const SLO = 'objectives: []';

type Answer = readonly [status: number, body: unknown];

const OK: Answer = [200, {}];
const NO_FILE: Answer = [404, { code: 404, message: 'Service resource not found' }];

let server: Server;
let client: ConfigurationServiceClient;
let file: Answer;
let service: Answer;

beforeEach(async () => {
  service = OK;
  server = createServer((request, response) => {
    const [status, body] = request.url?.includes('/resource/') === true ? file : service;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new ConfigurationServiceClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'a-token');
});

afterEach(async () => {
  await client.onApplicationShutdown();
  server.close();
});

const contentOf = (text: string): Answer => [
  200,
  { resourceURI: 'slo.yaml', resourceContent: Buffer.from(text).toString('base64') },
];

describe('the SLO file of a service', () => {
  it('is found, or is none when it is empty or proven to be missing', async () => {
    file = contentOf(SLO);
    expect(await client.sloFile(NAMES)).toMatchObject({ kind: 'found', text: SLO });
    for (file of [contentOf(''), [200, { resourceURI: 'slo.yaml' }] as Answer, NO_FILE]) {
      expect(await client.sloFile(NAMES)).toEqual({ kind: 'none' });
    }
  });

  it.each<[string, Answer]>([
    ['a refusal', [400, { message: 'cannot read the repository' }]],
    ['a conflict', [409, { message: 'busy' }]],
    ['too many requests', [429, { message: 'later' }]],
    ['an empty object', [200, {}]],
    ['no content', [200, { resourceURI: 'slo.yaml', resourceContent: null }]],
    ['content that is no base64', [200, { resourceURI: 'slo.yaml', resourceContent: '####' }]],
  ])('is not known after %s, so that it is asked for again', async (_what, answer) => {
    file = answer;
    await expect(client.sloFile(NAMES)).rejects.toThrow();
  });

  it.each(['project', 'stage', 'service'] as const)('is none of an unknown %s', async (name) => {
    file = NO_FILE;
    service = [404, { message: `${name[0]?.toUpperCase()}${name.slice(1)} not found` }];
    const unknown = { kind: 'unknown', message: `${name} not found`, reason: `${name} ${NAMES[name]} not found` };
    expect(await client.sloFile(NAMES)).toEqual(unknown);
  });

  it.each([408, 409, 429, 503])('is not known when asking for the service is answered with %i', async (status) => {
    file = NO_FILE;
    service = [status, { message: 'not now' }];
    await expect(client.sloFile(NAMES)).rejects.toThrow('not now');
  });
});
