import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { HttpClient } from './http-client';
import { streamedText } from './streamed-text';

it('keeps characters whole whose bytes arrive one by one', async () => {
  const text = 'é €\u2028🚀';
  const server = createServer((_request, response) => {
    void (async () => {
      for (const byte of Buffer.from(text)) {
        response.write(Buffer.of(byte));
        await nextTurn();
      }
      response.end();
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new HttpClient({ name: 'a-test', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  onTestFinished(async () => {
    await client.close();
    server.close();
  });
  const { body } = await client.stream({ path: '/' });
  let received = '';
  for await (const part of streamedText(body)) received += part;
  expect(received).toBe(text);
});
