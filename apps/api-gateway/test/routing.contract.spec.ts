import { describe, expect, it } from 'vitest';
import { trialPerTest } from './standing-service';

const trial = trialPerTest();
const { start, call, received } = trial;

describe('internal operations', () => {
  it.each([
    ['POST', '/api/configuration-service/v1/event', 403],
    ['POST', '//api/configuration-service/v1//%65vent/', 403],
    ['DELETE', '/api/configuration-service/v1/project/p', 403],
    ['POST', '/api/configuration-service/v1/project/p/stage', 403],
    ['HEAD', '/api/configuration-service/v1/project/p/anything', 403],
    ['GET', '/api/configuration-service/v1/project/p', 200],
    ['GET', '/api/configuration-service/v1/project/p/stage', 200],
    ['GET', '/api/configuration-service/v1/event', 200],
  ])('are refused when they are not to be seen: %s %s', async (method, path, status) => {
    await start({ EXPOSE_INTERNAL_ENDPOINTS: 'false' });
    expect((await call(path, { method })).status).toBe(status);
    expect(received.length).toBe(status === 403 ? 0 : 1);
  });

  it('can be called otherwise', async () => {
    await start();
    expect((await call('/api/configuration-service/v1/event', { method: 'POST' })).status).toBe(200);
  });
});

describe('the Bridge', () => {
  it('is behind the gateway when there is one', async () => {
    await start({ BRIDGE_URL: trial.serviceUrl });
    expect((await call('/', { headers: { 'x-token': '' } })).headers.get('location')).toBe('/bridge/');
    expect((await call('/project/a?b=c')).headers.get('location')).toBe('/bridge/project/a?b=c');
    expect((await call('/bridge/main.js', { headers: { 'x-token': '' } })).status).toBe(200);
    expect(received[0]?.url).toBe('/main.js');
  });
});

describe('probes', () => {
  it.each(['/health', '/ready', '/nginx-health'])('%s needs no token', async (path) => {
    await start();
    expect((await call(path, { headers: { 'x-token': '' } })).status).toBe(200);
  });

  it('get the text of the original from /nginx-health', async () => {
    await start();
    const response = await call('/nginx-health');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await response.text()).toBe('OK\n');
  });
});
