import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LaunchedSystem, newLaunch, removeData, startSystem } from './running-system';

const FILES = join(import.meta.dirname, '../../../apps/api-gateway/test/tls');
const CERTIFICATE = join(FILES, 'localhost.pem');
const KEY = join(FILES, 'localhost-key.pem');

describe('a system with a certificate', () => {
  let system: LaunchedSystem;

  beforeAll(async () => {
    system = await startSystem(await newLaunch({ TLS_CERT_FILE: CERTIFICATE, TLS_KEY_FILE: KEY }));
  });

  afterAll(async () => {
    await system.interrupt();
    await removeData(system.launch);
  });

  it('says that it is reached with HTTPS, and is', async () => {
    const port = system.launch.firstPort;
    expect(system.output).toContain(`Keptn is ready at https://localhost:${port}/api`);
    const headers = { 'x-token': await system.token() };
    const asked = get({
      port,
      path: '/api/v1/metadata',
      headers,
      ca: readFileSync(CERTIFICATE),
      servername: 'localhost',
    });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(200);
  });
});
