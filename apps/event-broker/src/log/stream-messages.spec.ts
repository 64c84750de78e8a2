import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { messagesOf, type StreamMessage, UnreadableStream } from './stream-messages';

async function read(stream: string, chunkBytes = stream.length): Promise<StreamMessage[]> {
  const bytes = Buffer.from(stream);
  const count = Math.ceil(bytes.length / chunkBytes);
  const chunks = Array.from({ length: count }, (_, at) => bytes.subarray(at * chunkBytes, (at + 1) * chunkBytes));
  const messages: StreamMessage[] = [];
  for await (const some of messagesOf(Readable.from(chunks))) messages.push(...some);
  return messages;
}

it('reads every message, whatever characters are in it and wherever the stream is divided', async () => {
  const data = JSON.stringify({ text: 'one\u2028two\u2029three\u0085four\r\n🚀' });
  const stream = `retry: 2000\n\n: keep-alive\n\nid: 7\ndata: ${data}\n\nid: 9\ndata: {}\n\n`;
  const messages = [
    { id: '7', data },
    { id: '9', data: '{}' },
  ];
  expect(await read(stream)).toEqual(messages);
  expect(await read(stream, 1)).toEqual(messages);
});

it.each(['id: 7\ndata: {}\ndata: {}', 'data: {}', 'id: 7', 'event: other\nid: 7\ndata: {}', 'retry: \ndata: {}'])(
  'passes over nothing that it does not know: %j',
  async (block) => {
    await expect(read(`${block}\n\nid: 8\ndata: {}\n\n`)).rejects.toThrow(UnreadableStream);
  },
);
