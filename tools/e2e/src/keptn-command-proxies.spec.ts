import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunningCommand, runKeptn } from './keptn-command';

const TOKEN = 'a-token';

/** Where the server is for the proxy alone. */
const HOST = 'keptn.example.com:8080';

const listening = async (server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe('the keptn command, behind a proxy', { timeout: 120_000 }, () => {
  let proxy: Server;
  let server: Server;
  let proxyAddress: string;
  let port: string;
  /** What was asked of the proxy. */
  let asked: string[];

  beforeEach(async () => {
    asked = [];
    server = createServer((incoming, response) => {
      response.writeHead(incoming.headers['x-token'] === TOKEN ? 200 : 401);
      response.end('{"keptnversion":"0.7.3"}');
    });
    port = new URL(`http://${await listening(server)}`).port;
    proxy = createServer().on('connect', (incoming, socket) => {
      asked.push(`CONNECT ${incoming.url ?? ''} ${incoming.headers['proxy-authorization'] ?? ''}`.trimEnd());
      const upstream = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    proxyAddress = await listening(proxy);
  });

  afterEach(() => {
    for (const each of [proxy, server]) {
      each.closeAllConnections();
      each.close();
    }
  });

  const version = (environment: Record<string, string>, endpoint = `http://${HOST}/api`) =>
    runKeptn(['version'], { environment: { KEPTN_ENDPOINT: endpoint, KEPTN_API_TOKEN: TOKEN, ...environment } });

  const through = (scheme: string) => ({
    KEPTN_ENDPOINT: `${scheme}://${HOST}/api`,
    KEPTN_API_TOKEN: TOKEN,
    [`${scheme}_proxy`]: `http://${proxyAddress}`,
  });

  it('goes through HTTP_PROXY, in large letters and small', async () => {
    for (const name of ['HTTP_PROXY', 'http_proxy']) {
      const { code, stdout } = await version({ [name]: `http://${proxyAddress}` });
      expect(code).toBe(0);
      expect(stdout).toContain('Keptn cluster version: 0.7.3');
    }
    expect(asked).toEqual([`CONNECT ${HOST}`, `CONNECT ${HOST}`]);
  });

  it('introduces itself to a proxy that wants credentials', async () => {
    await version({ HTTP_PROXY: `http://user:secret@${proxyAddress}` });
    expect(asked).toEqual([`CONNECT ${HOST} Basic ${Buffer.from('user:secret').toString('base64')}`]);
  });

  it('goes through HTTPS_PROXY to a server behind TLS', async () => {
    const { code, stderr } = await version({ HTTPS_PROXY: `http://${proxyAddress}` }, `https://${HOST}/api`);
    expect(asked).toEqual([`CONNECT ${HOST}`]);
    // The server at the other end of the tunnel speaks no TLS.
    expect(code).toBe(6);
    expect(stderr).toContain('is it http instead of https?');
  });

  it('goes straight to what NO_PROXY names, and to schemes that have no proxy', async () => {
    // An address by which this machine can be reached, and which is not recognized as its own.
    const endpoint = `http://0.0.0.0:${port}/api`;
    expect((await version({ HTTP_PROXY: `http://${proxyAddress}`, NO_PROXY: '0.0.0.0' }, endpoint)).code).toBe(0);
    expect((await version({ HTTPS_PROXY: `http://${proxyAddress}` }, endpoint)).code).toBe(0);
    expect(asked).toEqual([]);
  });

  it.each(['localhost', '127.0.0.1', '127.8.9.1', '[::1]'])('goes straight to this machine, as %s', async (host) => {
    await version({ HTTP_PROXY: `http://${proxyAddress}` }, `http://${host}:${port}/api`);
    expect(asked).toEqual([]);
  });

  describe('that is silent', () => {
    let askedForTunnel: Promise<unknown>;

    beforeEach(() => {
      proxy.removeAllListeners('connect').on('connect', () => undefined);
      askedForTunnel = once(proxy, 'connect');
    });

    it.each(['http', 'https'])('gives up in time on the way to a server with %s', async (scheme) => {
      const command = new RunningCommand(['version', '--request-timeout=1'], { environment: through(scheme) });
      expect(await command.outcome()).toMatchObject({
        code: 6,
        stderr: expect.stringMatching(
          /^Error: .* cannot be reached through the proxy .*: it does not answer\n.*NO_PROXY/,
        ),
      });
    });

    it.each<[string, NodeJS.Signals]>([
      ['http', 'SIGINT'],
      ['https', 'SIGTERM'],
    ])('lets go on the way to a server with %s at %s', async (scheme, signal) => {
      const command = new RunningCommand(['version'], { environment: through(scheme) });
      await askedForTunnel;
      command.child.kill(signal);
      expect(await command.outcome()).toMatchObject({
        code: 130,
        stderr: 'Error: interrupted before anything was changed\n',
      });
    });
  });

  it('says when the proxy cannot be reached, without its credentials', async () => {
    proxy.close();
    const { code, stderr } = await version({ HTTP_PROXY: `http://user:secret@${proxyAddress}` });
    expect({ code, stderr }).toEqual({
      code: 6,
      stderr:
        `Error: http://${HOST}/api cannot be reached through the proxy http://${proxyAddress}: connection refused\n` +
        'Check the proxy that HTTP_PROXY or HTTPS_PROXY names, or exclude the host with NO_PROXY.\n',
    });
  });

  it('says that it went through the proxy when that refuses', async () => {
    proxy.removeAllListeners('connect').on('connect', (_incoming, socket) => {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    expect(await version({ HTTP_PROXY: `http://${proxyAddress}` })).toMatchObject({
      code: 6,
      stderr: expect.stringMatching(/^Error: .* through the proxy .*502.*\nCheck the proxy/),
    });
  });
});
