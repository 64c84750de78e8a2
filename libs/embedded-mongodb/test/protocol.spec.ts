import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { serialize } from 'bson';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTyped, type TypedDocument } from '../src/bson/document';
import { startTestEngine, type TestEngine } from './engine';

const OP_MSG = 2013;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;

function message(code: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + body.length, 0);
  header.writeInt32LE(7, 4);
  header.writeInt32LE(code, 12);
  return Buffer.concat([header, body]);
}

function flags(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

const body = (document: object): Buffer => Buffer.concat([Buffer.from([0]), serialize({ ...document, $db: 'test' })]);

const asBytes = (document: object): Uint8Array => (document instanceof Uint8Array ? document : serialize(document));

const sequence = (name: string, documents: readonly object[]): Buffer =>
  rawSequence(name, Buffer.concat(documents.map(asBytes)));

function rawSequence(name: string, documents: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(`${name}\0`), documents]);
  const size = Buffer.alloc(4);
  size.writeInt32LE(content.length + 4, 0);
  return Buffer.concat([Buffer.from([1]), size, content]);
}

describe('the wire protocol', () => {
  let test: TestEngine;
  const failures: unknown[] = [];
  beforeAll(async () => {
    test = await startTestEngine(failures);
  });
  afterAll(() => test.close());

  async function open(): Promise<Socket> {
    const socket = connect(join(test.folder, 'mongodb.sock'));
    await once(socket, 'connect');
    return socket;
  }

  async function reply(socket: Socket): Promise<TypedDocument> {
    let bytes = Buffer.alloc(0);
    while (bytes.length < 16 || bytes.length < bytes.readInt32LE(0)) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      bytes = Buffer.concat([bytes, chunk]);
    }
    return readTyped(bytes.subarray(bytes.readInt32LE(12) === OP_MSG ? 21 : 36));
  }

  it('takes documents in sections of their own, before or after the command', async () => {
    const socket = await open();
    socket.write(
      message(OP_MSG, flags(0), sequence('documents', [{ _id: 1 }, { _id: 2 }]), body({ insert: 'sections' })),
    );
    expect(String((await reply(socket))['n'])).toBe('2');
    socket.destroy();
  });

  it('skips a checksum', async () => {
    const socket = await open();
    socket.write(message(OP_MSG, flags(CHECKSUM_PRESENT), body({ ping: 1 }), Buffer.alloc(4)));
    expect(String((await reply(socket))['ok'])).toBe('1');
    socket.destroy();
  });

  it('does not answer when the client wants none', async () => {
    const socket = await open();
    socket.write(message(OP_MSG, flags(MORE_TO_COME), body({ insert: 'silent', documents: [{ _id: 1 }] })));
    socket.write(message(OP_MSG, flags(0), body({ count: 'silent' })));
    expect(String((await reply(socket))['n'])).toBe('1');
    socket.destroy();
  });

  it('answers the old form of the handshake', async () => {
    const socket = await open();
    const query = Buffer.concat([
      flags(0),
      Buffer.from('admin.$cmd\0'),
      flags(0),
      flags(0xffffffff),
      serialize({ isMaster: 1, helloOk: true }),
    ]);
    socket.write(message(2004, query));
    expect(await reply(socket)).toMatchObject({ ismaster: true, helloOk: true });
    socket.destroy();
  });

  it('reads messages in pieces and several at once', async () => {
    const socket = await open();
    const ping = message(OP_MSG, flags(0), body({ ping: 1 }));
    for (const byte of ping.subarray(0, 20)) socket.write(Buffer.from([byte]));
    socket.write(ping.subarray(20));
    expect(String((await reply(socket))['ok'])).toBe('1');
    socket.destroy();
  });

  it('closes only the connection that sends nonsense', async () => {
    const good = await open();
    const bad = [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      message(OP_MSG, flags(0)),
      message(OP_MSG, flags(8), body({ ping: 1 })),
      message(1234, Buffer.alloc(10)),
      message(OP_MSG, flags(0), Buffer.from([0]), Buffer.from([255, 255, 255, 127, 0])),
      Buffer.from([255, 255, 255, 127, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ];
    for (const bytes of bad) {
      const socket = await open();
      socket.write(bytes);
      socket.resume();
      await once(socket, 'close');
    }
    expect(failures).toHaveLength(bad.length);
    good.write(message(OP_MSG, flags(0), body({ ping: 1 })));
    expect(String((await reply(good))['ok'])).toBe('1');
    good.destroy();
  });

  it('survives any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.boolean(), async (bytes, isFramed) => {
        const socket = await open();
        socket.on('error', () => undefined);
        socket.end(isFramed ? message(OP_MSG, flags(0), bytes) : bytes);
        socket.resume();
        await once(socket, 'close');
      }),
      { numRuns: 200 },
    );
    expect(await test.db.command({ ping: 1 })).toMatchObject({ ok: 1 });
  });

  it('refuses documents that are too large or too deep and goes on', async () => {
    const things = test.db.collection('limits');
    await expect(things.insertOne({ text: 'x'.repeat(16 * 1024 * 1024) })).rejects.toThrow();
    let deep: object = { end: 1 };
    for (let i = 0; i < 300; i++) deep = { a: deep };
    await expect(things.insertOne(deep)).rejects.toMatchObject({ code: 15 });
    await things.insertOne({ text: 'x'.repeat(15 * 1024 * 1024) });
    expect((await things.findOne({}))?.['text']).toHaveLength(15 * 1024 * 1024);
    const more = Array.from({ length: 5 }, () => 'x'.repeat(1024 * 1024));
    const grown = things.updateOne({}, { $set: { more } });
    await expect(grown).rejects.toMatchObject({ code: 10334 });
  });

  it('refuses documents with more fields than can be read in a moment, and more documents than a command may have', async () => {
    const sent = async (command: object, documents: Buffer): Promise<unknown> => {
      const socket = await open();
      const field = 'update' in command ? 'updates' : 'documents';
      socket.write(message(OP_MSG, flags(0), body(command), rawSequence(field, documents)));
      const answer: unknown = JSON.parse(JSON.stringify(await reply(socket)));
      socket.destroy();
      return answer;
    };
    const elements = Buffer.from(serialize({ a: Array.from({ length: 100_001 }, () => 1) }));
    const refusal = {
      n: 0,
      writeErrors: [{ index: 0, code: 15, errmsg: expect.stringContaining('100000') as string }],
    };
    expect(await sent({ insert: 'limits' }, elements)).toMatchObject(refusal);
    expect(await sent({ update: 'limits' }, elements)).toMatchObject({ ok: 0, code: 15 });
    const empty = Buffer.alloc(5 * 200_000);
    for (let at = 0; at < empty.length; at += 5) empty.writeInt32LE(5, at);
    expect(await sent({ insert: 'limits' }, empty)).toMatchObject({ ok: 0, code: 16 });
  });

  it('refuses dates that JavaScript cannot hold', async () => {
    const dated = Buffer.from(serialize({ d: new Date(8.64e15) }));
    const socket = await open();
    socket.write(message(OP_MSG, flags(0), body({ insert: 'dates' }), sequence('documents', [dated])));
    expect(String((await reply(socket))['n'])).toBe('1');
    dated.writeBigInt64LE(8_640_000_000_000_001n, dated.length - 9);
    socket.write(message(OP_MSG, flags(0), body({ insert: 'dates' }), sequence('documents', [dated])));
    expect(JSON.parse(JSON.stringify(await reply(socket)))).toMatchObject({ n: 0, writeErrors: [{ code: 15 }] });
    const change = Buffer.from(serialize({ q: {}, u: { $set: { e: new Date(0) } } }));
    change.writeBigInt64LE(-8_640_000_000_000_001n, change.length - 11);
    socket.write(message(OP_MSG, flags(0), body({ update: 'dates' }), sequence('updates', [change])));
    expect(JSON.parse(JSON.stringify(await reply(socket)))).toMatchObject({ ok: 0, code: 15 });
    socket.destroy();
  });

  it('refuses a text that is no UTF-8, and stores what came with it', async () => {
    const malformed = serialize({ _id: 'bad', text: 'text' });
    malformed[malformed.length - 3] = 0xff;
    const socket = await open();
    const documents = sequence('documents', [{ _id: 1 }, malformed, { _id: 2 }]);
    socket.write(message(OP_MSG, flags(0), body({ insert: 'texts', ordered: false }), documents));
    const [refused] = await Promise.all([reply(socket), test.db.collection('texts').insertOne({ _id: 3 as never })]);
    expect(JSON.parse(JSON.stringify(refused))).toMatchObject({ n: 2, writeErrors: [{ index: 1, code: 2 }] });
    expect(await test.db.collection('texts').countDocuments({})).toBe(3);
    socket.destroy();
  });

  it('does not let a client that reads nothing hold up others', async () => {
    await test.db.collection('big').insertMany(Array.from({ length: 20 }, () => ({ text: 'x'.repeat(1_000_000) })));
    const slow = await open();
    slow.pause();
    for (let i = 0; i < 20; i++)
      slow.write(message(OP_MSG, flags(0), body({ find: 'big', filter: {}, batchSize: 20 })));
    expect(await test.db.collection('big').countDocuments({})).toBe(20);
    slow.destroy();
  });
});
