import { describe, expect, it } from 'vitest';
import { sendThenRead, TOKEN, trialPerTest } from './standing-service';

const trial = trialPerTest();
const { start, call } = trial;

describe('a large body that is refused before it is read, on a connection that is closed afterwards', () => {
  /** More than the buffers of a connection hold, so that a client that sends it all needs a server that reads it all. */
  const BODY = Buffer.alloc(11 << 20, 'x');

  const send = (path: string, token: string, body = BODY) => {
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: a',
      'Connection: close',
      'Content-Type: application/json',
      `X-Token: ${token}`,
      `Content-Length: ${body.length}`,
    ];
    return sendThenRead(trial.port, Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
  };

  it.each([
    ['without the token', 401, '/api/v1/event', 'wrong', {}],
    ['of an unknown path', 404, '/nowhere', TOKEN, { MAX_BODY_BYTES: '20000000' }],
    ['over the limit', 413, '/api/v1/event', TOKEN, {}],
    ['with an unsafe path', 400, '/api/%2e%2e/event', TOKEN, {}],
    ['to a websocket', 426, '/api/websocket', TOKEN, {}],
  ])('leaves the client its answer: %s', async (_what, status, path, token, settings) => {
    await start(settings);
    expect(await send(path, token)).toMatchObject({ status, json: { code: status } });
  });

  it('leaves the client its answer: after too many wrong tokens', async () => {
    await start({ AUTH_FAILURES_PER_MINUTE: '1' });
    await call('/api/v1/x', { headers: { 'x-token': 'wrong' } });
    expect(await send('/api/v1/event', 'wrong, too')).toMatchObject({ status: 429, json: { code: 429 } });
  });

  it('leaves the client its answer: from a service that does not read it', async () => {
    await start({ MAX_BODY_BYTES: '20000000' });
    trial.answer = (_request, response) => {
      response.writeHead(415, { 'content-type': 'application/json', 'content-length': '12' }).end('{"code":415}');
    };
    expect(await send('/api/v1/event', TOKEN)).toMatchObject({ status: 415, json: { code: 415 } });
  });
});

describe('what HTTP permits and the gateway does not serve is refused as JSON:', () => {
  it.each([
    ['a request without Host', 'GET /api/v1/x HTTP/1.1\r\n', 400],
    ['a request with two hosts', 'GET /api/v1/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n', 400],
    ['a websocket without Host', 'GET /api/websocket HTTP/1.1\r\nUpgrade: websocket\r\n', 400],
    ['another expectation than 100-continue', 'POST /api/v1/x HTTP/1.1\r\nHost: a\r\nExpect: a-miracle\r\n', 417],
    ['TRACE', 'TRACE /api/v1/x HTTP/1.1\r\nHost: a\r\n', 405],
    ['TRACE of a page of its own', 'TRACE /health HTTP/1.1\r\nHost: a\r\n', 405],
    ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n', 405],
  ])('%s', async (_what, head, status) => {
    await start();
    const answer = await sendThenRead(trial.port, `${head}X-Token: ${TOKEN}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatchObject({ status, json: { code: status, message: expect.any(String) } });
    expect(trial.received).toEqual([]);
  });
});
