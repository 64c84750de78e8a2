import { describe, expect, it } from 'vitest';
import { askWorker, type StreamWorker } from './ask-worker';
import { type StreamRequest } from './event-stream';

/** A worker that writes down what it is asked, and of which the test says that it does not begin. */
class PlayedWorker extends EventTarget implements StreamWorker {
  readonly asked: StreamRequest[] = [];
  readonly port = { postMessage: (request: StreamRequest) => this.asked.push(request) };
}

const start = () => {
  const worker = new PlayedWorker();
  const instead: StreamRequest[] = [];
  const ask = askWorker(worker, () => (request) => instead.push(request));
  const fail = (): void => {
    worker.dispatchEvent(new Event('error'));
  };
  return { worker, instead, ask, fail };
};

describe('a page that shares the stream of a worker', () => {
  it('asks the worker', () => {
    const { worker, instead, ask } = start();
    for (const request of ['join', 'retry', 'leave'] as const) ask(request);
    expect([worker.asked, instead]).toEqual([['join', 'retry', 'leave'], []]);
  });

  it('joins another stream when the worker does not begin, and asks that one from then on', () => {
    const { worker, instead, ask, fail } = start();
    ask('join');
    fail();
    ask('retry');
    expect([worker.asked, instead]).toEqual([['join'], ['join', 'retry']]);
  });

  it('joins none when it has left by then', () => {
    const { instead, ask, fail } = start();
    ask('join');
    ask('leave');
    fail();
    expect(instead).toEqual([]);
  });
});
