import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StreamMessage } from './event-stream';
import type { LiveEvents } from './live-events';

/** A worker whose stream is the test. */
class PlayedWorker extends EventTarget {
  static last: PlayedWorker | undefined;
  readonly port = Object.assign(new EventTarget(), { start: () => undefined, postMessage: () => undefined });

  constructor() {
    super();
    PlayedWorker.last = this;
  }
}

const tell = (message: StreamMessage): void => {
  PlayedWorker.last?.port.dispatchEvent(Object.assign(new Event('message'), { data: message }));
};
const event = (position: number): StreamMessage => ({ kind: 'event', data: '{}', position });

let live: LiveEvents;

beforeAll(() => {
  vi.stubGlobal('document', { baseURI: 'https://keptn.example/bridge/' });
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('SharedWorker', PlayedWorker);
  vi.resetModules();
});
beforeEach(async () => {
  const { LiveEvents } = await import('./live-events');
  live = new LiveEvents();
});
afterAll(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('the position of a page in the log', () => {
  it('is that of the highest event, even if an earlier one comes once more', () => {
    live.start();
    for (const position of [7, 9, 8]) tell(event(position));
    tell({ kind: 'gap' });
    expect(live.position).toBe(9);
  });

  it('is an earlier one when the log was restored, before everything is read again', () => {
    live.start();
    tell(event(9_000));
    const readers: number[] = [];
    live.onGap(() => readers.push(live.position));
    tell({ kind: 'gap', position: 5_001 });
    tell(event(5_001));
    expect([readers, live.position]).toEqual([[5_001], 5_001]);
  });

  it.each(['when it has left in between', 'when the browser shows it again'])('begins anew %s', (how) => {
    const stop = live.start();
    tell(event(9_000));
    if (how === 'when it has left in between') {
      stop();
      live.start();
    } else {
      window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    }
    expect(live.position).toBe(0);
  });
});
