import { type StreamRequest } from './event-stream';

export type Ask = (request: StreamRequest) => void;

/** The side of a `SharedWorker` that is needed here. */
export interface StreamWorker {
  readonly port: { postMessage(request: StreamRequest): void };
  addEventListener(type: 'error', listener: () => void, options: { readonly once: boolean }): void;
}

/**
 * Asks the stream that a worker holds, and another one when the worker does not begin, e.g. because its script went with an upgrade.
 *
 * @param askInstead begins the other one
 */
export function askWorker(worker: StreamWorker, askInstead: () => Ask): Ask {
  let ask: Ask = (request) => {
    worker.port.postMessage(request);
  };
  let hasJoined = false;
  const fallBack = (): void => {
    ask = askInstead();
    if (hasJoined) ask('join');
  };
  worker.addEventListener('error', fallBack, { once: true });
  return (request) => {
    if (request === 'join') hasJoined = true;
    if (request === 'leave') hasJoined = false;
    ask(request);
  };
}
