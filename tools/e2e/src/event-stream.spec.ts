import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ReachableSystem } from './running-system';
import { sharedSystem } from './shared-system';

const EVENTS = 12;

/** Messages after which the client is cut off, whatever else is on its way to it. */
const CUT_OFF_AFTER = 3;

interface Message {
  /** What `Last-Event-ID` says when the client comes back. */
  readonly id: string;
  /** The Keptn context of the event. */
  readonly event: string;
}

/** An open event stream of the gateway. */
class EventStream {
  private constructor(
    private readonly chunks: AsyncIterable<string>,
    private readonly connection: AbortController,
  ) {}

  static async open(system: ReachableSystem, lastEventId?: string): Promise<EventStream> {
    const connection = new AbortController();
    const response = await fetch(`${system.endpoint}/mongodb-datastore/event/stream?type=wanted`, {
      headers: { 'x-token': await system.token(), ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) },
      signal: connection.signal,
    });
    if (!response.ok || response.body === null) throw new Error(`no stream: ${response.status}`);
    return new EventStream(response.body.pipeThrough(new TextDecoderStream()), connection);
  }

  /** The next messages, up to `count`; the connection is cut behind them. */
  async messagesUntilCutOff(count: number): Promise<Message[]> {
    const messages: Message[] = [];
    let text = '';
    for await (const chunk of this.chunks) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const [, id = '', data = ''] of blocks.map((block) => /^id: (\d+)\ndata: (.*)$/.exec(block) ?? [])) {
        if (id !== '' && messages.length < count)
          messages.push({ id, event: (JSON.parse(data) as { shkeptncontext: string }).shkeptncontext });
      }
      if (messages.length === count) break;
    }
    this.connection.abort();
    return messages;
  }
}

describe('a client of the event stream that is cut off again and again', () => {
  let system: ReachableSystem;

  beforeAll(async () => {
    system = await sharedSystem();
  });

  const send = async (type: string): Promise<string> => {
    const id = randomUUID();
    const answer = await system.call('POST', '/v1/event', {
      shkeptncontext: id,
      type,
      source: 'a-test',
      data: { stage: 'dev' },
    });
    expect(answer.status).toBe(200);
    return id;
  };

  const sendAll = async (): Promise<string[]> => {
    const sent: string[] = [];
    for (let event = 0; event < EVENTS; event += 1) {
      sent.push(await send('wanted'));
      if (event % CUT_OFF_AFTER === 0) await send('unwanted');
    }
    return sent;
  };

  it('sees every matching event with Last-Event-ID, and knows repeats by their ids', async () => {
    let stream = await EventStream.open(system);
    const sending = sendAll();
    const seen = new Map<string, string>();
    for (;;) {
      const messages = await stream.messagesUntilCutOff(Math.min(CUT_OFF_AFTER, EVENTS - seen.size));
      for (const { id, event } of messages) {
        expect(seen.get(id) ?? event).toBe(event);
        seen.set(id, event);
      }
      if (seen.size === EVENTS) break;
      stream = await EventStream.open(system, messages.at(-1)?.id);
    }
    expect([...new Set(seen.values())].toSorted()).toEqual((await sending).toSorted());
  });
});
