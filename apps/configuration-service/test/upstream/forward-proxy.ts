import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface ForwardProxy {
  readonly url: string;
  close(): void;
}

/** An HTTP proxy that knows one server, under whatever name it is asked for. */
export async function startForwardProxy(target: string): Promise<ForwardProxy> {
  const proxy = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '');
    const onward = httpRequest(new URL(pathname + search, target), {
      method: request.method,
      headers: request.headers,
    });
    onward.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    close: () => {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}
