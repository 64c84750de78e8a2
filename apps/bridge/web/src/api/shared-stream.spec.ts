import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type StreamMessage } from './event-stream';
import { SharedStream } from './shared-stream';

/** An event source whose other side is the test. */
class PlayedSource extends EventTarget {
  static readonly CLOSED = 2;
  static opened: PlayedSource[] = [];
  readyState = 1;

  constructor(readonly url: string) {
    super();
    PlayedSource.opened.push(this);
  }

  close(): void {
    this.readyState = PlayedSource.CLOSED;
  }

  deliver(lastEventId: string, data: string): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data, lastEventId }));
  }

  /** @param pauseMs until the next one */
  beat(pauseMs: number): void {
    this.dispatchEvent(Object.assign(new Event('heartbeat'), { data: String(pauseMs) }));
  }

  refuse(): void {
    this.close();
    this.dispatchEvent(new Event('error'));
  }
}

const page = () => {
  const messages: StreamMessage[] = [];
  return { messages, postMessage: (message: StreamMessage) => messages.push(message) };
};

const open = (): PlayedSource[] => PlayedSource.opened.filter(({ readyState }) => readyState !== PlayedSource.CLOSED);

describe('the stream that pages share', () => {
  beforeEach(() => {
    PlayedSource.opened = [];
    vi.stubGlobal('EventSource', PlayedSource);
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is one connection, whose events reach every page', () => {
    const stream = new SharedStream('/stream');
    const pages = [page(), page(), page()];
    for (const each of pages) stream.answer(each, 'join');
    expect(open()).toHaveLength(1);
    open()[0]?.deliver('7', '{}');
    expect(pages.map(({ messages }) => messages.at(-1))).toEqual(
      Array(3).fill({ kind: 'event', data: '{}', position: 7 }),
    );
  });

  it('tells a page that comes later how the connection is', () => {
    const stream = new SharedStream('/stream');
    stream.answer(page(), 'join');
    open()[0]?.dispatchEvent(new Event('open'));
    const late = page();
    stream.answer(late, 'join');
    expect(late.messages).toEqual([{ kind: 'connection', connection: 'live' }]);
  });

  it('begins with what has just happened, for a page that comes later as well', () => {
    const stream = new SharedStream('/stream');
    stream.answer(page(), 'join');
    expect(open().map(({ url }) => url)).toEqual(['/stream?recent=10000ms&heartbeat=true']);
    open()[0]?.deliver('7', '{}');
    vi.advanceTimersByTime(8_000);
    open()[0]?.deliver('8', '{}');
    vi.advanceTimersByTime(4_000);
    const late = page();
    stream.answer(late, 'join');
    expect(late.messages.slice(1)).toEqual([{ kind: 'event', data: '{}', position: 8 }]);
  });

  it('keeps no more of it than a page can use', () => {
    const stream = new SharedStream('/stream');
    stream.answer(page(), 'join');
    const kept = (): number[] => {
      const late = page();
      stream.answer(late, 'join');
      return late.messages.flatMap((message) => (message.kind === 'event' ? [message.position] : []));
    };
    for (let id = 1; id <= 600; id++) open()[0]?.deliver(String(id), '{}');
    expect([kept().length, kept().at(-1)]).toEqual([500, 600]);
    open()[0]?.deliver('601', `"${'x'.repeat(4_194_000)}"`);
    expect(kept().at(0)).toBeGreaterThan(400);
    open()[0]?.deliver('602', `"${'x'.repeat(4_194_000)}"`);
    expect(kept()).toEqual([602]);
  });

  it('ends with the last page', () => {
    const stream = new SharedStream('/stream');
    const [one, other] = [page(), page()];
    stream.answer(one, 'join');
    stream.answer(other, 'join');
    stream.answer(one, 'leave');
    expect(open()).toHaveLength(1);
    stream.answer(other, 'leave');
    expect(open()).toHaveLength(0);
  });

  it('goes on behind the last event after it was refused, and says that it was', () => {
    const stream = new SharedStream('/stream');
    const only = page();
    stream.answer(only, 'join');
    open()[0]?.deliver('7', '{}');
    open()[0]?.refuse();
    expect(only.messages.slice(-2)).toEqual([{ kind: 'connection', connection: 'lost' }, { kind: 'refused' }]);
    vi.advanceTimersByTime(1_000);
    expect(open().map(({ url }) => url)).toEqual(['/stream?lastEventId=7&heartbeat=true']);
  });

  it('goes on behind the last event after it has died without a word, and says that it is lost', () => {
    const stream = new SharedStream('/stream');
    const only = page();
    stream.answer(only, 'join');
    open()[0]?.dispatchEvent(new Event('open'));
    open()[0]?.beat(15_000);
    open()[0]?.deliver('7', '{}');
    vi.advanceTimersByTime(37_000);
    expect(only.messages.at(-1)).toMatchObject({ kind: 'event' });
    vi.advanceTimersByTime(1_000);
    expect(only.messages.at(-1)).toEqual({ kind: 'connection', connection: 'lost' });
    expect(open().map(({ url }) => url)).toEqual(['/stream?lastEventId=7&heartbeat=true']);
    open()[0]?.dispatchEvent(new Event('open'));
    expect(only.messages.at(-1)).toEqual({ kind: 'connection', connection: 'live' });
  });

  it('says where it is when the log was restored from an older backup, and forgets what came before', () => {
    const stream = new SharedStream('/stream');
    const first = page();
    stream.answer(first, 'join');
    open()[0]?.deliver('9000', '{}');
    open()[0]?.deliver('5001', '{}');
    const [restored, event]: StreamMessage[] = [
      { kind: 'gap', position: 5001 },
      { kind: 'event', data: '{}', position: 5001 },
    ];
    expect(first.messages.slice(-2)).toEqual([restored, event]);
    const late = page();
    stream.answer(late, 'join');
    expect(late.messages.slice(1)).toEqual([event]);
  });

  it.each([0, 1_000, NaN])('has time to begin, however often there are signs of life: every %s ms', (pauseMs) => {
    const stream = new SharedStream('/stream');
    stream.answer(page(), 'join');
    open()[0]?.beat(pauseMs);
    vi.advanceTimersByTime(9_000);
    expect(PlayedSource.opened).toHaveLength(1);
    vi.advanceTimersByTime(2_000);
    expect(PlayedSource.opened).toHaveLength(2);
  });

  it('is asked for once more when the network swallows that as well', () => {
    const stream = new SharedStream('/stream');
    stream.answer(page(), 'join');
    open()[0]?.beat(15_000);
    vi.advanceTimersByTime(120_000);
    expect(PlayedSource.opened).toHaveLength(4);
    expect(open()).toHaveLength(1);
  });

  it.each(['heartbeats', 'events'])('is alive as long as %s come', (what) => {
    const stream = new SharedStream('/stream');
    stream.answer(page(), 'join');
    open()[0]?.beat(15_000);
    for (let id = 1; id <= 10; id++) {
      vi.advanceTimersByTime(30_000);
      if (what === 'heartbeats') open()[0]?.beat(15_000);
      else open()[0]?.deliver(String(id), '{}');
    }
    expect(PlayedSource.opened).toHaveLength(1);
  });

  it('is nothing to wait for any more behind the last page', () => {
    const stream = new SharedStream('/stream');
    const only = page();
    stream.answer(only, 'join');
    open()[0]?.beat(15_000);
    stream.answer(only, 'leave');
    vi.advanceTimersByTime(120_000);
    expect(PlayedSource.opened).toHaveLength(1);
  });

  it('begins again for whoever has signed in now', () => {
    const stream = new SharedStream('/stream');
    stream.answer(page(), 'join');
    open()[0]?.deliver('7', '{}');
    stream.answer(page(), 'restart');
    expect(open().map(({ url }) => url)).toEqual(['/stream?recent=10000ms&heartbeat=true']);
    const late = page();
    stream.answer(late, 'join');
    expect(late.messages).toEqual([{ kind: 'connection', connection: 'connecting' }]);
  });
});
