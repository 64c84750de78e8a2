import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startService } from '@keptn/service-kit';
import { describe, expect, it } from 'vitest';
import { apiGateway } from '../src/app.module';
import { TOKEN, trialPerTest } from './standing-service';

const trial = trialPerTest();
const { start, received } = trial;

describe('with a certificate', () => {
  /** Made for these tests and known to everybody. */
  const file = (name: string) => fileURLToPath(new URL(`tls/${name}`, import.meta.url));
  const certificate = file('localhost.pem');

  it('the gateway speaks HTTPS, and says so', async () => {
    await start({ TLS_CERT_FILE: certificate, TLS_KEY_FILE: file('localhost-key.pem') });
    const { port } = new URL(trial.url);
    const options = { port, path: '/api/v1/x', headers: { 'x-token': TOKEN }, agent: false };
    const outgoing = httpsGet({ ...options, ca: readFileSync(certificate), servername: 'localhost' });
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    await text(response);
    expect(response.statusCode).toBe(200);
    expect(response.headers['strict-transport-security']).toMatch(/^max-age=/);
    expect(received[0]?.headers['x-forwarded-proto']).toBe('https');
    expect(trial.url).toMatch(/^https:/);
  });

  it('without its key the gateway does not start', async () => {
    await start();
    await expect(startService(apiGateway, { TLS_CERT_FILE: certificate, LOG_LEVEL: 'silent' })).rejects.toThrow(
      'TLS_CERT_FILE and TLS_KEY_FILE belong together: set both, or neither',
    );
  });

  it('that does not exist it does not start', async () => {
    await start();
    const files = { TLS_CERT_FILE: '/nowhere/cert.pem', TLS_KEY_FILE: '/nowhere/key.pem' };
    await expect(startService(apiGateway, { ...files, LOG_LEVEL: 'silent' })).rejects.toThrow(
      'TLS_CERT_FILE and TLS_KEY_FILE must name a certificate and its key in the PEM format',
    );
  });
});
