import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningService, startService } from '../src/index';
import { environment, ordersService } from './orders-service';
import { answerOf, sendThenRead } from './raw-client';

describe('what HTTP permits and no service does is refused as JSON:', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startService(ordersService, environment);
  });

  afterAll(() => service.close());

  it.each([
    ['a request without Host', 'GET /orders HTTP/1.1\r\n', 400],
    ['a request with two hosts', 'GET /orders HTTP/1.1\r\nHost: a\r\nHost: b\r\n', 400],
    ['another expectation than 100-continue', 'GET /orders HTTP/1.1\r\nHost: a\r\nExpect: a-miracle\r\n', 417],
    ['TRACE', 'TRACE /orders HTTP/1.1\r\nHost: a\r\n', 405],
    ['TRACE of what does not exist', 'TRACE /nowhere HTTP/1.1\r\nHost: a\r\n', 405],
    ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n', 405],
  ])('%s', async (_what, head, status) => {
    const received = await sendThenRead(service.url, `${head}Connection: close\r\n\r\n`);
    expect(answerOf(received)).toMatchObject({ status, json: { code: status, message: expect.any(String) } });
    expect(/^allow: .*GET/im.test(received)).toBe(status === 405);
  });

  it('HTTP/1.0 needs no Host', async () => {
    expect(await sendThenRead(service.url, 'GET /orders HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
  });
});
