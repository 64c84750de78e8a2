import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, Datastore, idsOf, TOKEN } from './datastore';

let datastore: Datastore;

beforeAll(async () => {
  datastore = await Datastore.start({ STREAM_HEARTBEAT_MS: '200' });
});

afterAll(() => datastore.close());

interface Message {
  readonly id: number;
  readonly event: Record<string, unknown>;
}

/** A client of GET /event/stream. */
class StreamClient {
  private readonly abort = new AbortController();
  private buffer = '';
  private constructor(
    private readonly chunks: AsyncIterator<string>,
    readonly status: number,
    readonly headers: Headers,
  ) {}

  static async open(at: Datastore, query: Record<string, string> = {}, headers: Record<string, string> = {}) {
    const abort = new AbortController();
    const response = await fetch(`${at.url}/event/stream?${new URLSearchParams(query).toString()}`, {
      headers: { 'x-token': TOKEN, ...headers },
      signal: abort.signal,
    });
    if (response.body === null) throw new Error('the stream has no body');
    const chunks = response.body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    const client = new StreamClient(chunks, response.status, response.headers);
    client.abort.signal.addEventListener('abort', () => {
      abort.abort();
    });
    return client;
  }

  /** The next block of lines that ends with an empty one; undefined at the end of the stream. */
  async block(): Promise<string | undefined> {
    for (;;) {
      const end = this.buffer.indexOf('\n\n');
      if (end !== -1) {
        const block = this.buffer.slice(0, end);
        this.buffer = this.buffer.slice(end + 2);
        return block;
      }
      const { done, value } = await this.chunks.next();
      if (done === true) return undefined;
      this.buffer += value;
    }
  }

  async message(): Promise<Message> {
    for (;;) {
      const block = await this.block();
      if (block === undefined) throw new Error('the stream ended');
      const [, id, data] = /^id: (\d+)\ndata: (.*)$/.exec(block) ?? [];
      if (id !== undefined && data !== undefined) {
        return { id: Number(id), event: JSON.parse(data) as Record<string, unknown> };
      }
    }
  }

  close(): void {
    this.abort.abort();
  }
}

describe('GET /event/stream', () => {
  it('sends matching events as they are stored, and nothing else', async () => {
    const client = await StreamClient.open(datastore, { project: 'streamed', type: 't' });
    expect(client.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await datastore.store(anEvent({ type: 't', data: { project: 'other' } }));
    await datastore.store(anEvent({ type: 'u', data: { project: 'streamed' } }));
    const event = anEvent({ type: 't', data: { project: 'streamed', big: 1 } });
    const { sequence } = await datastore.store(event);
    expect(await client.message()).toMatchObject({ id: sequence, event: { id: event.id, data: event['data'] } });
    client.close();
  });

  it('gives signs of life', async () => {
    const client = await StreamClient.open(datastore);
    expect(await client.block()).toBe('retry: 2000');
    expect(await client.block()).toBe(': keep-alive');
    client.close();
  });

  it('shows signs of life where that is asked for, from the start, and says how often', async () => {
    const client = await StreamClient.open(datastore, { heartbeat: 'true' });
    expect(await client.block()).toBe('retry: 2000');
    expect(await client.block()).toBe('event: heartbeat\ndata: 200');
    expect(await client.block()).toBe('event: heartbeat\ndata: 200');
    client.close();
  });

  it('goes on behind the last message that a client has seen', async () => {
    const project = 'resumed';
    const ids: string[] = [];
    const sequences: number[] = [];
    const add = async (): Promise<void> => {
      const event = anEvent({ data: { project } });
      ids.push(event.id);
      sequences.push((await datastore.store(event)).sequence);
    };
    await add();
    await add();
    await add();
    const client = await StreamClient.open(datastore, { project }, { 'last-event-id': String(sequences[0]) });
    await add();
    const seen = [await client.message(), await client.message(), await client.message()];
    expect(seen.map(({ event }) => event['id'])).toEqual(ids.slice(1));
    expect(seen.map(({ id }) => id)).toEqual(sequences.slice(1));
    client.close();
    const whole = await StreamClient.open(datastore, { project, lastEventId: '0' });
    expect((await whole.message()).event['id']).toBe(ids[0]);
    whole.close();
  });

  it('goes on with what comes where the client has seen more than there is, as after a restore', async () => {
    const project = 'restored';
    const { sequence } = await datastore.store(anEvent({ data: { project } }));
    const client = await StreamClient.open(datastore, { project }, { 'last-event-id': String(sequence + 5_000) });
    const { sequence: next } = await datastore.store(anEvent({ data: { project } }));
    expect((await client.message()).id).toBe(next);
    client.close();
  });

  it('begins with what has just come in where that is asked for', async () => {
    const project = 'recent';
    const { sequence } = await datastore.store(anEvent({ data: { project } }));
    const client = await StreamClient.open(datastore, { project, recent: '60s' });
    const { sequence: next } = await datastore.store(anEvent({ data: { project } }));
    expect([(await client.message()).id, (await client.message()).id]).toEqual([sequence, next]);
    client.close();
    const resumed = await StreamClient.open(datastore, { project, recent: '60s', lastEventId: String(sequence) });
    expect((await resumed.message()).id).toBe(next);
    resumed.close();
    const late = await StreamClient.open(datastore, { project, recent: '0s' });
    const { sequence: last } = await datastore.store(anEvent({ data: { project } }));
    expect((await late.message()).id).toBe(last);
    late.close();
  });

  it('misses nothing for a client that is cut off again and again while many write', async () => {
    const project = 'cut-off';
    const { sequence: start } = await datastore.store(anEvent({ data: { project } }));
    const stored: string[] = [];
    const writers = Array.from({ length: 8 }, async () => {
      for (let count = 0; count < 15; count++) {
        const event = anEvent({ data: { project } });
        await datastore.store(event);
        stored.push(event.id);
      }
    });
    const seen = new Set<string>();
    let last = start;
    while (seen.size < 120) {
      const client = await StreamClient.open(datastore, { project }, { 'last-event-id': String(last) });
      for (let count = 0; count < 10 && seen.size < 120; count++) {
        const { id, event } = await client.message();
        expect(id).toBeGreaterThan(last);
        last = id;
        seen.add(String(event['id']));
      }
      client.close();
    }
    await Promise.all(writers);
    expect(stored.filter((id) => !seen.has(id))).toEqual([]);
  });

  it.each(['x', '-1', '99999999999999999999'])('refuses the Last-Event-ID %s', async (id) => {
    expect(await datastore.call('/event/stream', { headers: { 'last-event-id': id } })).toMatchObject({ status: 400 });
  });

  it('disconnects a reader that does not read, and serves the others', async () => {
    const { hostname, port } = new URL(datastore.url);
    const deaf = connect(Number(port), hostname);
    await once(deaf, 'connect');
    deaf.write(`GET /event/stream?project=flood HTTP/1.1\r\nHost: a\r\nx-token: ${TOKEN}\r\n\r\n`);
    await once(deaf, 'readable');
    const closed = once(deaf, 'close');
    deaf.on('error', () => undefined);
    const reader = await StreamClient.open(datastore, { project: 'flood' });
    const filler = 'x'.repeat(1_000_000);
    for (let count = 0; count < 12; count++) {
      const event = anEvent({ data: { project: 'flood', filler } });
      await datastore.store(event);
      expect((await reader.message()).event['id']).toBe(event.id);
    }
    reader.close();
    deaf.resume();
    await closed;
  });
});

describe('wait', () => {
  it('answers as soon as a matching event is stored', async () => {
    const waiting = datastore.page({ project: 'awaited', wait: '20s' });
    await datastore.store(anEvent({ data: { project: 'other' } }));
    const event = anEvent({ data: { project: 'awaited' } });
    await datastore.store(event);
    expect(idsOf(await waiting)).toEqual([event.id]);
  });

  it('answers at once when something matches already, and empty when nothing comes', async () => {
    await datastore.store(anEvent({ data: { project: 'there' } }));
    expect((await datastore.page({ project: 'there', wait: '20s' })).totalCount).toBe(1);
    expect((await datastore.page({ project: 'nothing', wait: '100ms' })).events).toEqual([]);
  });

  it('waits for the events of a type and for root events as well', async () => {
    const type = datastore.get('/event/type/awaited.type', { filter: 'data.project:typed', wait: '20s' });
    const root = datastore.page({ keptnContext: 'awaited-context', root: 'true', wait: '20s' });
    await datastore.store(
      anEvent({ type: 'awaited.type', shkeptncontext: 'awaited-context', data: { project: 'typed' } }),
    );
    expect((await type).json).toMatchObject({ events: [{ type: 'awaited.type' }] });
    expect((await root).totalCount).toBe(1);
  });
});

describe('several replicas', () => {
  it('tell each other nothing and still see all events', async () => {
    const other = await Datastore.start({}, datastore.databaseUri);
    const client = await StreamClient.open(other, { project: 'replicated' });
    const waiting = other.page({ project: 'replicated', wait: '20s' });
    const event = anEvent({ data: { project: 'replicated' } });
    await datastore.store(event);
    expect((await client.message()).event['id']).toBe(event.id);
    expect(idsOf(await waiting)).toEqual([event.id]);
    client.close();
    await other.stop();
  });
});

describe('a service that stops', () => {
  it('ends streams and waiting questions at once', async () => {
    const stopping = await Datastore.start();
    const client = await StreamClient.open(stopping);
    expect(await client.block()).toBe('retry: 2000');
    const waiting = stopping.page({ project: 'never', wait: '60s' });
    await stopping.get('/event');
    await stopping.stop();
    expect((await waiting).events).toEqual([]);
    expect(await client.block()).toBeUndefined();
  });
});
