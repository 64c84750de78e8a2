import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TlsFiles } from './tls-files';

/** Made for these tests and known to everybody. */
const PAIRS = join(import.meta.dirname, '../../test/tls');

const LOOK_EVERY_MS = 20;

describe('a certificate that is renewed while the gateway runs', () => {
  let folder: string;
  let server: Server;
  let log: PassThrough;

  /** As Kubernetes mounts a secret: a link to a folder, which is swapped for another one. */
  const mount = async (pair: string, files: { certificate: string; key: string }): Promise<void> => {
    await mkdir(join(folder, pair));
    await copyFile(join(PAIRS, files.certificate), join(folder, pair, 'tls.crt'));
    await copyFile(join(PAIRS, files.key), join(folder, pair, 'tls.key'));
    await symlink(pair, join(folder, 'next'));
    await rename(join(folder, 'next'), join(folder, 'current'));
  };

  const logged = async (message: string): Promise<void> => {
    for await (const chunk of log.iterator({ destroyOnReturn: false })) {
      if (String(chunk).includes(message)) {
        return;
      }
    }
  };

  const fingerprintShown = async (): Promise<string> => {
    const socket = connect({ port: (server.address() as AddressInfo).port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
  };

  const fingerprintOf = async (file: string): Promise<string> =>
    new X509Certificate(await readFile(join(PAIRS, file))).fingerprint256;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keptn-tls-'));
    log = new PassThrough();
    await mount('first', { certificate: 'localhost.pem', key: 'localhost-key.pem' });
    const current = join(folder, 'current');
    const files = new TlsFiles(join(current, 'tls.crt'), join(current, 'tls.key'), LOOK_EVERY_MS);
    server = createServer(files.read());
    files.renewWhenChanged(server, pino(log));
    await once(server.listen(0), 'listening');
  });

  afterEach(async () => {
    server.close();
    await once(server, 'close');
    await rm(folder, { recursive: true });
  });

  it('is what new connections get', async () => {
    expect(await fingerprintShown()).toBe(await fingerprintOf('localhost.pem'));
    await mount('second', { certificate: 'renewed.pem', key: 'renewed-key.pem' });
    await logged('certificate renewed');
    expect(await fingerprintShown()).toBe(await fingerprintOf('renewed.pem'));
  });

  it('is not taken when its key is not there yet; the old one stays until it is', async () => {
    await writeFile(join(folder, 'current', 'tls.crt'), await readFile(join(PAIRS, 'renewed.pem')));
    await logged('the new certificate cannot be used');
    expect(await fingerprintShown()).toBe(await fingerprintOf('localhost.pem'));
    await writeFile(join(folder, 'current', 'tls.key'), await readFile(join(PAIRS, 'renewed-key.pem')));
    await logged('certificate renewed');
    expect(await fingerprintShown()).toBe(await fingerprintOf('renewed.pem'));
  });
});
