import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { GatewayResponse } from '../request/gateway-response';
import { type Listener } from '../server/listener';
import { OpenAnswers } from './open-answers';
import { TokenCheck } from './token-check';

const servers: Listener[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(
  listener: RequestListener<typeof IncomingMessage, typeof GatewayResponse>,
): Promise<{ server: Listener; url: string }> {
  const server = createServer<typeof IncomingMessage, typeof GatewayResponse>(
    { ServerResponse: GatewayResponse },
    listener,
  );
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it('asks no more about the token of a client that left before its answer was watched', async () => {
  const asked: string[] = [];
  let askedTwice = (): void => undefined;
  const apiService = await serve(({ headers }, response) => {
    asked.push(String(headers['x-token']));
    if (asked.filter((token) => token === 'stays').length === 2) askedTwice();
    response.writeHead(200).end();
  });
  const tokenCheck = new TokenCheck({ url: apiService.url, cacheMs: 0, failuresPerMinute: 60 });
  const openAnswers = new OpenAnswers(tokenCheck);
  const gateway = await serve(() => undefined);
  const open = async (): Promise<{ response: GatewayResponse; leave: () => void }> => {
    const client = get(gateway.url).on('error', () => undefined);
    const [, response] = (await once(gateway.server, 'request')) as [unknown, GatewayResponse];
    return { response, leave: () => client.destroy() };
  };
  const gone = await open();
  gone.leave();
  await once(gone.response, 'close');
  openAnswers.start();
  openAnswers.watch('gone', gone.response);
  const twice = new Promise<void>((resolve) => (askedTwice = resolve));
  openAnswers.watch('stays', (await open()).response);
  await twice;
  expect(asked).not.toContain('gone');
  await openAnswers.stop();
  await tokenCheck.close();
});
