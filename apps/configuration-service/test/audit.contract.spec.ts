import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { api, AUDIT_LIMITS, type AuditEntry, Caller } from '@keptn/api-models';
import { Identities, IDENTITY_HEADER } from '@keptn/auth';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { StartedService, TOKEN } from './started-service';

const PATH = '/v1/project/sockshop/resource/audited.txt';
/** Beyond the pause after a refusal, on a busy machine. */
const PATIENCE = { timeout: 20_000 };
const identity = { [IDENTITY_HEADER]: new Identities(TOKEN).sign(Caller.SHARED) };

describe('the audit log', () => {
  let apiService: Server;
  let isAway = true;
  const received: AuditEntry[] = [];
  let service: StartedService;

  beforeAll(async () => {
    apiService = createServer((request, response) => {
      void text(request).then((body) => {
        const { data } = api.recordAudit.body.safeParse(JSON.parse(body));
        if (!isAway) received.push(...(data?.entries ?? []));
        response.writeHead(isAway ? 503 : data === undefined ? 400 : 204).end();
      });
    });
    await once(apiService.listen(0, '127.0.0.1'), 'listening');
    const { port } = apiService.address() as AddressInfo;
    service = await StartedService.start({ API_SERVICE_URL: `http://127.0.0.1:${port}` });
    await service.project('sockshop');
  });

  /** The contents of the files in which entries wait. */
  const unsent = async (): Promise<readonly string[]> => {
    const folder = join(service.folder, 'audit');
    const names = await readdir(folder);
    return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  };

  afterAll(async () => {
    await service.stop();
    apiService.close();
  });

  it('is no reason to refuse a change of a resource while api-service is away', async () => {
    const { status } = await service.put(PATH, { resourceContent: '' }, identity);
    expect(status).toBe(201);
    expect(await unsent()).toEqual([expect.stringContaining('audited.txt')]);
  });

  it('gets what was changed meanwhile, also after a restart', async () => {
    isAway = false;
    await service.restart();
    const { body } = await service.put(PATH, { resourceContent: 'eA==' }, identity);
    await vi.waitFor(() => {
      expect(received).toHaveLength(2);
    }, PATIENCE);
    expect(received).toMatchObject([
      { action: 'PUT /v1/project/{project}/resource/{+path}', outcome: 'done', status: 201 },
      { target: { project: 'sockshop', path: 'audited.txt' }, version: (body as { version: string }).version },
    ]);
    await vi.waitFor(async () => {
      expect(await unsent()).toEqual(['']);
    }, PATIENCE);
  });

  it('has an entry of a change whatever names its caller chose', async () => {
    const path = 'a/'.repeat(3_000);
    const before = received.length;
    await service.put(`/v1/project/sockshop/resource/${path}b.txt`, { resourceContent: '' }, identity);
    await vi.waitFor(() => {
      expect(received.slice(before)).toMatchObject([{ target: { path: path.slice(0, AUDIT_LIMITS.target) } }]);
    }, PATIENCE);
  });
});
