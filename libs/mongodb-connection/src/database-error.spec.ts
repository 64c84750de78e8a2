import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { mongo } from 'mongoose';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { describeDatabaseError, isUnreachable } from './database-error';

/** The address of the test's MongoDB: a socket, or host and port. */
function addressOf(uri: string): { path: string } | { host: string; port: number } {
  const [host = ''] = uri.replace(/^mongodb:\/\//, '').split('/');
  const address = decodeURIComponent(host);
  if (address.startsWith('/')) return { path: address };
  const { hostname, port } = new URL(`http://${address}`);
  return { host: hostname, port: Number(port) };
}

describe('a database whose connection breaks in the middle of a command', () => {
  let door: Server;
  let client: mongo.MongoClient;
  beforeEach(async () => {
    door = createServer((socket) => {
      passOnUntilInsert(socket);
    }).listen(0, '127.0.0.1');
    await once(door, 'listening');
    const { port } = door.address() as AddressInfo;
    client = new mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, { retryWrites: false });
  });
  afterEach(async () => {
    await client.close();
    door.close();
  });

  function passOnUntilInsert(socket: Socket): void {
    const database = connect(addressOf(inject('mongodbUri')));
    socket.on('data', (bytes) => {
      if (bytes.includes('insert')) socket.destroy();
      else database.write(bytes);
    });
    database.pipe(socket);
    socket.on('close', () => database.destroy()).on('error', () => database.destroy());
    database.on('error', () => socket.destroy());
  }

  it.each([
    ['one document', (things: mongo.Collection) => things.insertOne({ a: 1 })],
    ['several documents', (things: mongo.Collection) => things.insertMany([{ a: 1 }, { a: 2 }], { ordered: false })],
  ])('is unreachable to whoever writes %s', async (_what, write) => {
    const error = await write(client.db('unreachable').collection('things')).catch((failure: unknown) => failure);
    expect(isUnreachable(error)).toBe(true);
  });

  it.each([
    [14_031, 507, 'no space left on the disk of the database; try again once space is freed there'],
    [39, 503, 'the disk of the database cannot be written; its log says why'],
  ])('answers, when its disk fails with %s, %s', (code, status, message) => {
    const refused = new mongo.MongoServerError({ message: 'no space left', code });
    expect(describeDatabaseError(refused)).toMatchObject({ status, message });
  });

  it('is not a client that goes away in the middle of its request', () => {
    expect(isUnreachable(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))).toBe(false);
  });

  it('is not what refuses a document', () => {
    const refused = new mongo.MongoServerError({ message: 'E11000 duplicate key', code: 11_000 });
    expect(isUnreachable(refused)).toBe(false);
  });
});
