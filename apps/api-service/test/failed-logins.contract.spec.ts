import { randomUUID } from 'node:crypto';
import { type RunningService } from '@keptn/service-kit';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { call, startApiService } from './started-api-service';

/** Milliseconds; for a busy machine. */
const PATIENCE_MS = 20_000;

describe('wrong tokens', () => {
  const MONGODB_URI = `${inject('mongodbUri')}/api-${randomUUID()}`;
  let service: RunningService;

  const startReady = async (): Promise<RunningService> => {
    const started = await startApiService({ MONGODB_URI });
    await vi.waitFor(
      async () => {
        expect((await fetch(`${started.url}/ready`)).status).toBe(200);
      },
      { timeout: PATIENCE_MS },
    );
    return started;
  };

  beforeAll(async () => {
    service = await startReady();
  });

  afterAll(() => service.close());

  const tryFrom = async (address: string): Promise<void> => {
    const headers = { 'x-token': `kpt_${randomUUID()}`, 'x-real-ip': address };
    expect((await fetch(`${service.url}/v1/auth`, { method: 'POST', headers })).status).toBe(401);
  };

  const entries = async () => {
    const { body } = await call(service.url, 'GET', '/v1/audit?actor=unknown&pageSize=100');
    return (body as { entries: { address: string; target: { attempts: string } }[] }).entries;
  };

  it('are in the audit log, the first of an address at once', async () => {
    await tryFrom('192.0.2.1');
    await expect.poll(entries, { timeout: PATIENCE_MS }).toMatchObject([
      {
        ...{ actor: { kind: 'unknown', name: 'unknown' }, address: '192.0.2.1', service: 'api-service' },
        ...{ action: 'POST /v1/auth', target: { attempts: '1' }, outcome: 'refused', status: 401 },
      },
    ]);
  });

  it('fill it with few entries, however many they are and wherever they are from', async () => {
    for (let count = 0; count < 5; count++) await tryFrom('192.0.2.1');
    for (let host = 0; host < 60; host++) await tryFrom(`198.51.100.${host}`);
    await service.close();
    service = await startReady();
    const all = await entries();
    expect(all.length).toBeLessThanOrEqual(41);
    expect(all.reduce((sum, { target }) => sum + Number(target.attempts), 0)).toBe(66);
    expect(all.filter(({ address }) => address === '192.0.2.1').map(({ target }) => target.attempts)).toEqual([
      '5',
      '1',
    ]);
  });

  it('are no failed login when none is sent', async () => {
    const before = await entries();
    expect((await fetch(`${service.url}/v1/auth`, { method: 'POST' })).status).toBe(401);
    expect(await entries()).toHaveLength(before.length);
  });
});
