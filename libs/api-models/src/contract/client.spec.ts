import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { type ApiRequest, createClient, type InputOf } from './client';
import { optional } from './optional';
import { type AnswerOf, route } from './route';

const orders = {
  createOrder: route({
    method: 'POST',
    path: '/v1/order',
    scope: 'caller',
    tag: 'Orders',
    summary: 'Create an order',
    query: z.object({ dryRun: z.enum(['true', 'false']).optional() }),
    body: z.object({ name: z.string(), note: optional(z.string()) }),
    answers: { 201: { description: 'Created', body: z.object({ id: z.string() }) }, 204: { description: 'Could be' } },
    errors: ['CONFLICT'],
  }),
  readFile: route({
    method: 'GET',
    path: '/v1/order/{order}/file/{+path}',
    scope: 'caller',
    tag: 'Orders',
    summary: 'Read a file of an order',
    parameters: z.object({ order: z.string(), path: z.string() }),
    answers: { 200: { description: 'The file', body: z.object({ content: z.string() }) } },
    errors: ['NOT_FOUND'],
  }),
};

describe('a client made from the types of routes', () => {
  const sent: ApiRequest[] = [];
  const client = createClient<typeof orders>((request) => {
    sent.push(request);
    return Promise.resolve({ id: '1', content: '' });
  });

  it('encodes every name, so that none can become another path', async () => {
    await client('GET /v1/order/{order}/file/{+path}', { parameters: { order: '../a?b', path: 'c/d' } });
    expect(sent.at(-1)).toEqual({ method: 'GET', path: '/v1/order/..%2Fa%3Fb/file/c%2Fd' });
  });

  it('sends half a character, which an event may hold, as U+FFFD', async () => {
    await client('GET /v1/order/{order}/file/{+path}', { parameters: { order: 'a\ud800', path: 'c' } });
    expect(sent.at(-1)?.path).toBe('/v1/order/a%EF%BF%BD/file/c');
  });

  it('sends the body as it is and the parameters of the query that are given', async () => {
    await client('POST /v1/order', { body: { name: 'a', note: null }, query: { dryRun: 'true' } });
    expect(sent.at(-1)).toEqual({ method: 'POST', path: '/v1/order?dryRun=true', body: { name: 'a', note: null } });
    await client('POST /v1/order', { body: { name: 'a' } });
    expect(sent.at(-1)?.path).toBe('/v1/order');
  });

  it('knows what each operation takes and answers', () => {
    expectTypeOf(orders.readFile.errors).toEqualTypeOf<readonly ['NOT_FOUND']>();
    expectTypeOf<AnswerOf<typeof orders.createOrder>>().toEqualTypeOf<{ id: string } | undefined>();
    expectTypeOf<InputOf<typeof orders.readFile>['parameters']>().toEqualTypeOf<{ order: string; path: string }>();
  });
});

describe('an optional field', () => {
  const schema = z.object({ note: optional(z.string().max(3)) });

  it.each([{}, { note: null }, { note: undefined }])('may be left out: %j', (value) => {
    expect(schema.parse(value).note).toBeUndefined();
  });

  it('is checked when it is there', () => {
    expect(schema.parse({ note: 'abc' })).toEqual({ note: 'abc' });
    expect(schema.safeParse({ note: 'abcd' }).success).toBe(false);
    expect(schema.safeParse({ note: 1 }).success).toBe(false);
  });
});
