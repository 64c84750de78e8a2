import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Datastore } from './datastore';

let one: Datastore;
let other: Datastore;

beforeAll(async () => {
  one = await Datastore.start();
  other = await Datastore.start({}, one.databaseUri);
});

afterAll(async () => {
  await other.stop();
  await one.close();
});

const claim = async (replica: Datastore, key: string, fingerprint: string) => {
  const body = JSON.stringify({ key, fingerprint });
  const headers = { 'content-type': 'application/json' };
  const { status, json } = await replica.call('/idempotency-key', { method: 'POST', body, headers });
  expect(status).toBe(200);
  return json as { fingerprint: string; seed: string; time: string };
};

describe('an Idempotency-Key', () => {
  it('belongs to the request that came first with it, at all replicas at once', async () => {
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_none, index) => claim(index % 2 === 0 ? one : other, 'together', `print-${index}`)),
    );
    expect(new Set(claims.map((first) => JSON.stringify(first))).size).toBe(1);
    expect(await claim(other, 'another', 'print')).toMatchObject({ fingerprint: 'print' });
  });

  it('is kept by a restart', async () => {
    const first = await claim(one, 'lasting', 'print');
    const later = await Datastore.start({}, one.databaseUri);
    expect(await claim(later, 'lasting', 'other')).toEqual(first);
    await later.stop();
  });

  it('is free again after 24 hours, for one request', async () => {
    const first = await claim(one, 'bygone', 'print');
    const database = await mongoose.createConnection(one.databaseUri).asPromise();
    const firstUse = new Date(Date.now() - 24 * 3_600_000);
    await database.collection('idempotencyKeys').updateOne({ seed: first.seed }, { $set: { firstUse } });
    await database.close();
    const claims = await Promise.all([claim(one, 'bygone', 'next'), claim(other, 'bygone', 'next')]);
    expect(claims[0]).toEqual(claims[1]);
    expect(claims[0].seed).not.toBe(first.seed);
  });
});
