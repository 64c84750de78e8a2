import { type Readable } from 'node:stream';

/** One message of the log's event stream. */
export interface StreamMessage {
  readonly id: string;
  readonly data: string;
}

/**
 * The messages of a stream of Server-Sent Events as the log writes it: `id` and one line of `data`, ended by an empty line.
 * Those that come in one piece are given together.
 */
export async function* messagesOf(body: Readable): AsyncGenerator<readonly StreamMessage[]> {
  let rest = '';
  for await (const chunk of body.setEncoding('utf8')) {
    const blocks = (rest + String(chunk)).split('\n\n');
    rest = blocks.pop() ?? '';
    const messages = blocks.flatMap((block) => messageOf(block) ?? []);
    if (messages.length > 0) yield messages;
  }
}

/** Comments, which are signs of life, are no messages. */
function messageOf(block: string): StreamMessage | undefined {
  const [, id, data] = /^id: (\d+)\ndata: (.*)$/.exec(block) ?? [];
  return id === undefined || data === undefined ? undefined : { id, data };
}
