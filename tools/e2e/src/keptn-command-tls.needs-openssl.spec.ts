import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runKeptn } from './keptn-command';

const TOKEN = 'a-token';
const run = promisify(execFile);

describe('the keptn command, over TLS', { timeout: 120_000 }, () => {
  let folder: string;
  let certificate: string;
  let server: Server;
  let port: number;
  /** Requests that got as far as their token. */
  let tokensSeen = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keptn-tls-'));
    const key = join(folder, 'key.pem');
    certificate = join(folder, 'ca.pem');
    const made = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
    const subject = ['-subj', '/CN=keptn', '-addext', 'subjectAltName=IP:127.0.0.1'];
    await run('openssl', ['req', ...made, '-keyout', key, '-out', certificate, ...subject]);
    server = createServer({ key: await readFile(key), cert: await readFile(certificate) }, (request, response) => {
      tokensSeen += request.headers['x-token'] === TOKEN ? 1 : 0;
      response.end('{"keptnversion":"0.7.3"}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  const version = (flags: readonly string[], host = '127.0.0.1') =>
    runKeptn(['version', ...flags], {
      environment: { KEPTN_ENDPOINT: `https://${host}:${port}/api`, KEPTN_API_TOKEN: TOKEN },
    });

  it('sends the token to nobody whose certificate it cannot verify, and says how to trust it', async () => {
    const { code, stdout, stderr } = await version([]);
    expect({ code, stdout, tokensSeen }).toEqual({ code: 6, stdout: '', tokensSeen: 0 });
    expect(stderr).toMatch(/^Error: .*self.signed certificate\n.*--ca-file/);
  });

  it('trusts the authority of --ca-file, for the names in the certificate only', async () => {
    expect((await version([`--ca-file=${certificate}`])).stdout).toContain('Keptn cluster version: 0.7.3');
    const elsewhere = await version([`--ca-file=${certificate}`], 'localhost');
    expect(elsewhere.code).toBe(6);
    expect(elsewhere.stderr).toContain('The certificate is for another host');
  });

  it('says when --ca-file is not there, or holds no certificate', async () => {
    const missing = await version([`--ca-file=${join(folder, 'missing.pem')}`]);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/^Error: the certificates in .*missing\.pem cannot be read: no such file/);
    const empty = join(folder, 'empty.pem');
    await writeFile(empty, '');
    expect((await version([`--ca-file=${empty}`])).code).toBe(6);
  });

  it('verifies nothing with --insecure, and remembers the choice only when it is told to', async () => {
    expect((await version(['--insecure'])).code).toBe(0);
    const environment = { HOME: folder };
    const endpoint = `--endpoint=https://127.0.0.1:${port}/api`;
    await runKeptn(['auth', endpoint, `--ca-file=${certificate}`], { environment, input: TOKEN });
    expect((await runKeptn(['version'], { environment })).code).toBe(0);
    const contexts = await readFile(join(folder, '.keptn/contexts.json'), 'utf8');
    expect(contexts).toContain(certificate);
    expect(contexts).not.toContain('insecure');
  });
});
