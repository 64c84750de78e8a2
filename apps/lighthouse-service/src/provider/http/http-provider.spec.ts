import { once } from 'node:events';
import { mkdir, mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IndicatorValue } from '@keptn/quality-gate';
import { PermittedNetworks } from '@keptn/service-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationServiceClient } from '../../control-plane/configuration-service.client';
import { SliFiles } from '../sli-files';
import { HttpProvider } from './http-provider';

const SLI_PATH = '/v1/project/sockshop/stage/staging/service/carts/resource/http%2Fsli.yaml';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: Server;
let origin: string;
let folder: string;
let configuration: ConfigurationServiceClient;
let sliFile = '';
let received: Received[] = [];

/** Answers of the monitoring tool, by path. */
const ANSWERS: Readonly<Record<string, string>> = {
  '/latency': '{"percentiles": {"p95": 412.5}, "text": "7", "list": [1, 2], "none": null}',
  '/html': '<html>',
  '/large': JSON.stringify('x'.repeat(2 * 1024 * 1024)),
};

beforeAll(async () => {
  server = createServer((request, response) => {
    void request
      .setEncoding('utf8')
      .toArray()
      .then((parts) => {
        const { method, url = '', headers } = request;
        if (url.startsWith('/v1/')) {
          const isThere = url === SLI_PATH;
          const content = Buffer.from(sliFile).toString('base64');
          response.writeHead(isThere ? 200 : 404, { 'content-type': 'application/json' });
          response.end(JSON.stringify(isThere ? { resourceContent: content } : { code: 404, message: 'not found' }));
          return;
        }
        received.push({ method, url, headers, body: parts.join('') });
        if (url.startsWith('/silent')) return;
        const answer = ANSWERS[url.split('?')[0] ?? ''];
        if (url === '/moved') response.writeHead(302, { location: '/latency' });
        else if (answer === undefined) response.writeHead(503);
        response.end(answer);
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  configuration = new ConfigurationServiceClient(origin, 'a-token-for-these-tests');
  folder = await mkdtemp(join(tmpdir(), 'keptn-sli-'));
});

beforeEach(() => {
  received = [];
});

afterAll(async () => {
  await configuration.onApplicationShutdown();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

function valuesOf(
  entries: Readonly<Record<string, object | string>>,
  { allowed = ['127.0.0.1'], service = 'carts' } = {},
): Promise<readonly IndicatorValue[]> {
  sliFile = JSON.stringify({ spec_version: '1.0', indicators: entries });
  const provider = new HttpProvider(new SliFiles(configuration), {
    networks: new PermittedNetworks(allowed, 'ALLOWED_SLI_NETWORKS'),
    credentialsFolder: folder,
    timeoutMs: 500,
  });
  const request = {
    ...{ provider: 'http', project: 'sockshop', stage: 'staging', service, deployment: 'direct', filters: [] },
    ...{ teststrategy: 'manual', deploymentstrategy: '', labels: { build: 'a/b "c"' } },
    ...{ start: '2020-11-05T10:00:00Z', end: '2020-11-05T10:05:00Z', indicators: Object.keys(entries) },
  };
  return provider.values(request, AbortSignal.timeout(500));
}

/** Why the only indicator has no value. */
async function messageOf(
  entry: object | string,
  options?: { readonly allowed: string[] },
): Promise<string | undefined> {
  const [value] = await valuesOf({ a: entry }, options);
  expect(value).toMatchObject({ metric: 'a', value: 0, success: false });
  return value?.message;
}

describe('the SLI provider http', () => {
  it('reads one number, or text that is one, out of the answer, and shows what was asked', async () => {
    const url = `${origin}/latency?service=$SERVICE&build=$LABEL.build&from=$START`;
    const values = await valuesOf({ p95: { url, value: '$.percentiles.p95' }, text: { url, value: '$.text' } });
    const query = `${origin}/latency?service=carts&build=a%2Fb%20%22c%22&from=2020-11-05T10%3A00%3A00.000Z`;
    expect(values).toEqual([
      { metric: 'p95', value: 412.5, success: true, query },
      { metric: 'text', value: 7, success: true, query },
    ]);
  });

  it('posts a body of JSON, with what is put in escaped', async () => {
    const body = '{"build": "$LABEL.build", "end": $END_SECONDS}';
    await valuesOf({ a: { url: `${origin}/latency`, value: '$.text', body, headers: { 'X-Tenant': 'one' } } });
    expect(received).toMatchObject([{ method: 'POST', headers: { 'x-tenant': 'one' } }]);
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({ build: 'a/b "c"', end: 1_604_570_700 });
  });

  it('sends the secret headers of a project to their origin alone, and never shows them', async () => {
    await writeFile(
      join(folder, 'http-credentials-sockshop'),
      JSON.stringify({
        [origin]: { Authorization: 'Bearer s3cret' },
        'https://elsewhere.example.com': { 'X-Key': 'k' },
      }),
    );
    const values = await valuesOf({ a: { url: `${origin}/latency`, value: '$.text' } });
    expect(received[0]?.headers).toMatchObject({ authorization: 'Bearer s3cret' });
    expect(received[0]?.headers).not.toHaveProperty('x-key');
    expect(JSON.stringify(values)).not.toContain('s3cret');
    await writeFile(join(folder, 'http-credentials-sockshop'), 's3cret');
    expect(await messageOf({ url: `${origin}/latency`, value: '$.text' })).toBe(
      'http-credentials-sockshop must hold headers for each origin such as https://metrics.example.com, as YAML',
    );
    await rm(join(folder, 'http-credentials-sockshop'));
  });

  it('sends a secret header, not what the file says in its place, and says which it cannot send', async () => {
    const entry = { url: `${origin}/latency`, value: '$.text', headers: { authorization: 'mine' } };
    const secret = (headers: object) =>
      writeFile(join(folder, 'http-credentials-sockshop'), JSON.stringify({ [origin]: headers }));
    await secret({ Authorization: 'Bearer s3cret' });
    await valuesOf({ a: entry });
    expect(received[0]?.headers.authorization).toBe('Bearer s3cret');
    await secret({ Expect: '100-continue' });
    expect(await messageOf(entry)).toMatch(/ cannot be asked like that: expect header not supported$/);
    await rm(join(folder, 'http-credentials-sockshop'));
  });

  it('has no value while the secret cannot be read, and says why', async () => {
    await mkdir(join(folder, 'http-credentials-sockshop'));
    expect(await messageOf({ url: `${origin}/latency`, value: '$.text' })).toBe(
      'http-credentials-sockshop cannot be read: EISDIR',
    );
    await rmdir(join(folder, 'http-credentials-sockshop'));
  });

  it.each([
    ['/latency', '$.none', 'the value at $.none is no number'],
    ['/latency', '$.missing', 'the answer has nothing at $.missing'],
    ['/latency', '$.list[*]', 'the answer has 2 values at $.list[*], but must have one'],
    ['/latency', '$.[', /^http\/sli\.yaml: a\.value: the JSONPath cannot be read: /],
    ['/latency', '$[?match(@, "a*")]', /the JSONPath cannot be read: /],
    ['/html', '$.a', 'the answer is not JSON'],
    ['/down', '$.a', /answered 503$/],
    ['/moved', '$.a', /answered 302$/],
    ['/large', '$.a', /^127\.0\.0\.1:\d+ sent an answer of more than 1048576 bytes$/],
    ['/silent', '$.a', /did not answer in time/],
  ])('has no value from %s at %s, and says why', async (path, value, message) => {
    expect(await messageOf({ url: origin + path, value })).toEqual(
      message instanceof RegExp ? expect.stringMatching(message) : message,
    );
  });

  it.each([
    ['the text of a query', /^http\/sli\.yaml: a: /],
    [{ url: 'http://example.com' }, /^http\/sli\.yaml: a\.value: /],
    [{ url: 'file:///etc/passwd', value: '$' }, /the url of a is no http or https URL$/],
    [{ url: 'http://user:password@example.com', value: '$' }, /must hold no credentials/],
    [{ url: 'http://example.com', value: '$', headers: { a: 'b\r\nc: d' } }, /must be printable ASCII/],
    [
      { url: 'http://example.com', value: '$', headers: { Host: 'b' } },
      /^http\/sli\.yaml: a\.headers\.Host: this header is set /,
    ],
  ])('has no value from %j, and says why', async (entry, message) => {
    expect(await messageOf(entry)).toMatch(message);
  });

  it('asks no address of an inner network unless that is allowed', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '169.254.169.254']) {
      const url = `http://${host}:${new URL(origin).port}/latency`;
      expect(await messageOf({ url, value: '$.text' }, { allowed: [] })).toContain('not in ALLOWED_SLI_NETWORKS');
    }
    expect(received).toEqual([]);
  });
});
