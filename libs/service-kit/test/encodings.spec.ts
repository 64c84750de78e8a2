import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningService, startService } from '../src/index';
import { environment, ordersService } from './orders-service';

describe('the text of a body', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startService(ordersService, environment);
  });

  afterAll(() => service.close());

  const post = async (body: Buffer | string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${service.url}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: new Blob([new Uint8Array(Buffer.from(body))]),
    });
    return { status: response.status, json: await response.json() };
  };

  it.each(['utf-8', 'UTF-8', '"utf-8"', 'utf8', 'us-ascii'])('may be said to be %s', async (charset) => {
    const type = `application/json; charset=${charset}; profile="a;charset=latin1"`;
    expect(await post('{"name":"tea"}', { 'content-type': type })).toMatchObject({ status: 201 });
  });

  it.each(['iso-8859-1', 'UTF-16', '"windows-1252"', "utf-8'"])(
    'is refused when it is said to be %s',
    async (charset) => {
      const type = `application/json;charset=${charset}`;
      expect(await post('{"name":"tea"}', { 'content-type': type })).toMatchObject({
        status: 415,
        json: { code: 415, message: expect.stringMatching(/^the charset .* is not supported; send UTF-8$/) },
      });
    },
  );

  it.each([
    ['a byte of another charset', Buffer.from('{"name":"th\xe9"}', 'latin1')],
    ['a character that is cut off', Buffer.from([...Buffer.from('{"name":"t'), 0xe2, 0x82])],
    ['half of a surrogate pair', Buffer.from([...Buffer.from('{"name":"'), 0xed, 0xa0, 0x80, ...Buffer.from('"}')])],
  ])('with %s is refused', async (_what, body) => {
    expect(await post(body)).toMatchObject({ status: 400, json: { message: 'the body is not valid UTF-8' } });
  });

  it('may begin with a byte order mark', async () => {
    expect(await post('\ufeff{"name":"tea"}')).toMatchObject({ status: 201, json: { name: 'tea' } });
    expect(await post('\ufeff')).toMatchObject({ status: 400, json: { message: 'a JSON body is required' } });
    expect(await post('\ufeff\ufeff{"name":"tea"}')).toMatchObject({ status: 400 });
  });

  it.each(['gzip', 'deflate', 'br', 'identity, gzip'])('is refused when it is compressed by %s', async (coding) => {
    const answer = await post(gzipSync('{"name":"tea"}'), { 'content-encoding': coding });
    expect(answer).toMatchObject({ status: 415, json: { message: expect.stringContaining('Content-Encoding') } });
  });

  it.each(['identity', 'Identity', ''])('may have the content coding "%s"', async (coding) => {
    expect(await post('{"name":"tea"}', { 'content-encoding': coding })).toMatchObject({ status: 201 });
  });

  it('is judged only where there is one', async () => {
    const type = 'application/json; charset=latin1';
    expect((await fetch(`${service.url}/orders`, { headers: { 'content-type': type } })).status).toBe(200);
  });
});
