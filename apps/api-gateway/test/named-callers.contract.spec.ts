import { get } from 'node:http';
import { IDENTITY_HEADER } from '@keptn/auth';
import { describe, expect, it } from 'vitest';
import { TOKEN, trialPerTest } from './standing-service';

const trial = trialPerTest();

const as = (token: string, method = 'GET'): Promise<Response> =>
  trial.call('/api/v1/project', { method, headers: { 'x-token': token } });

/** With headers that `fetch` does not send. */
const requestWith = (headers: Readonly<Record<string, string>>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get(`${trial.url}/api/v1/project`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', reject);
  });

describe('the requests of a named token', () => {
  it('say who asks, whatever they call a header of this connection alone', async () => {
    trial.named.set('kpt_one', 'ci');
    await trial.start();
    const connection =
      'close, X-Keptn-Identity, x-keptn-on-behalf-of, x-request-id, x-real-ip, traceparent, authorization';
    expect(await requestWith({ 'x-token': 'kpt_one', connection })).toBe(200);
    const { headers } = trial.received[0] ?? {};
    expect(headers).toMatchObject({
      [IDENTITY_HEADER]: expect.stringContaining('.'),
      'x-real-ip': '127.0.0.1',
      'x-request-id': expect.any(String),
      traceparent: expect.any(String),
    });
    expect(headers).not.toHaveProperty('x-token');
  });

  it('are limited for each caller, over all of their tokens, and not for the shared one', async () => {
    trial.named.set('kpt_one', 'ci').set('kpt_two', 'ci').set('kpt_other', 'dashboard');
    await trial.start({ REQUESTS_PER_MINUTE: '2' });
    const first = await as('kpt_one');
    expect(first.headers.get('ratelimit')).toBe('"caller";r=1;t=30');
    expect(first.headers.get('ratelimit-policy')).toBe('"caller";q=2;w=60');
    expect((await as('kpt_two')).status).toBe(200);
    const refused = await as('kpt_one');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit')).toMatch(/^"caller";r=0;t=\d+$/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await expect(refused.json()).resolves.toMatchObject({ code: 429, reason: 'TOO_MANY_REQUESTS' });
    expect((await as('kpt_other')).status).toBe(200);
    for (let count = 0; count < 3; count++) {
      const shared = await as(TOKEN);
      expect([shared.status, shared.headers.get('ratelimit')]).toEqual([200, null]);
    }
  });

  it('have no limit and no header unless one is set', async () => {
    trial.named.set('kpt_one', 'ci');
    await trial.start();
    expect((await as('kpt_one')).headers.get('ratelimit')).toBeNull();
  });

  it('that go on for long end when the token is revoked, and others go on', async () => {
    trial.named.set('kpt_one', 'ci').set('kpt_other', 'dashboard');
    trial.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': open\n\n');
    };
    await trial.start();
    const [revoked, other] = await Promise.all([as('kpt_one'), as('kpt_other')]);
    trial.named.delete('kpt_one');
    await expect(revoked.text()).rejects.toThrow();
    const reader = other.body?.getReader();
    await expect(reader?.read()).resolves.toMatchObject({ done: false });
    await reader?.cancel();
  });

  it('that wait for an answer are refused when the token is revoked, unless they change something', async () => {
    trial.named.set('kpt_one', 'ci');
    const waiting = new Promise<() => void>((resolve) => {
      trial.answer = ({ method }, response) => {
        if (method === 'POST')
          resolve(() => {
            response.end('{}');
          });
      };
    });
    await trial.start();
    const [asked, changed] = [as('kpt_one'), as('kpt_one', 'POST')];
    const finish = await waiting;
    trial.named.delete('kpt_one');
    expect((await asked).status).toBe(401);
    finish();
    expect((await changed).status).toBe(200);
  });

  it('see no metrics, which are of all projects, unless the caller looks after the installation', async () => {
    trial.named.set('kpt_one', 'ci');
    await trial.start();
    const metricsAs = (token: string, path = '/metrics') => trial.call(path, { headers: { 'x-token': token } });
    const answers = [await metricsAs('kpt_one'), await metricsAs('kpt_one', '/metrics/'), await metricsAs(TOKEN)];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 200]);
  });

  it('say whom a wrong token is from, for the audit log', async () => {
    await trial.start();
    expect((await as('kpt_wrong')).status).toBe(401);
    expect(trial.askedFrom).toEqual(['127.0.0.1']);
  });
});
