import { streamedText } from '@keptn/service-kit';

/** Comments, which are signs of life, and the pause before the next connection. */
const NO_MESSAGE = /^(?::|retry: \d+$)/;

/** What an error shows of what it found, in characters. */
const SHOWN_OF_BLOCK = 100;

/** One message of the log's event stream. */
export interface StreamMessage {
  readonly id: string;
  readonly data: string;
}

/** A stream that does not say what it should; to go on behind it could leave out an event. */
export class UnreadableStream extends Error {
  constructor(block: string) {
    super(
      `the event stream of mongodb-datastore holds something that is no message: ${block.slice(0, SHOWN_OF_BLOCK)}`,
    );
  }
}

/**
 * The messages of a stream of Server-Sent Events as the log writes it: `id` and one line of `data`, ended by an empty line.
 * Those that come in one piece are given together.
 *
 * @throws UnreadableStream
 */
export async function* messagesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly StreamMessage[]> {
  let rest = '';
  for await (const chunk of streamedText(body)) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    const messages = blocks.filter((block) => !NO_MESSAGE.test(block)).map(messageOf);
    if (messages.length > 0) yield messages;
  }
}

function messageOf(block: string): StreamMessage {
  // JSON may hold U+2028 and U+2029, which end a line for JavaScript but not for the stream.
  const [, id, data] = /^id: (\d+)\ndata: ([^\n]*)$/.exec(block) ?? [];
  if (id === undefined || data === undefined) throw new UnreadableStream(block);
  return { id, data };
}
