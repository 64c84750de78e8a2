import { type IncomingHttpHeaders } from 'node:http';
import { type Dispatcher } from 'undici';

/** Bytes of one answer that wait here for a slow reader where the server cannot be made to wait. */
export const MOST_WAITING = 64 * 1024 * 1024;

/** Alone: beside another word, or said twice, it may count for nothing. */
const KEEPS_CONNECTION = /^keep-alive$/i;

/**
 * Whether a server can be made to wait with its answer. undici ends the process when a connection that is not kept ends while it is
 * paused (https://github.com/nodejs/undici/issues/5360).
 *
 * @param headers of the answer, as they came
 */
export const mayPause = (headers: IncomingHttpHeaders): boolean => {
  // Without either, the end of the connection is that of the answer.
  const hasEnd = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  return hasEnd && KEEPS_CONNECTION.test(String(headers.connection));
};

/** For answers that may be read slowly: what a server does not wait with waits here, up to {@link MOST_WAITING}. */
export const pausingWhereItMay: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch(options, new PausingHandler(handler));

class PausingHandler implements Dispatcher.DispatchHandler {
  private controller: PausingController | undefined;

  constructor(private readonly handler: Dispatcher.DispatchHandler) {}

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.handler.onRequestStart?.(this.around(controller), context);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    statusMessage?: string,
  ): void {
    const around = this.around(controller);
    around.mayPause = mayPause(headers);
    this.handler.onResponseStart?.(around, status, headers, statusMessage);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const around = this.around(controller);
    around.note(chunk.length);
    this.handler.onResponseData?.(around, chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    this.handler.onResponseEnd?.(this.around(controller), trailers);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    this.handler.onResponseError?.(this.around(controller), error);
  }

  /** A request that is sent again has another controller. */
  private around(controller: Dispatcher.DispatchController): PausingController {
    if (this.controller?.inner !== controller) this.controller = new PausingController(controller);
    return this.controller;
  }
}

class PausingController implements Dispatcher.DispatchController {
  mayPause = false;
  /** Bytes that have come since the reader asked for a pause; undefined while it reads. */
  private waiting: number | undefined;

  constructor(readonly inner: Dispatcher.DispatchController) {}

  get aborted(): boolean {
    return this.inner.aborted;
  }

  get paused(): boolean {
    return this.inner.paused;
  }

  get reason(): Error | null {
    return this.inner.reason;
  }

  note(bytes: number): void {
    if (this.waiting === undefined) return;
    this.waiting += bytes;
    if (this.waiting > MOST_WAITING) this.abort(new Error('the answer is read too slowly'));
  }

  abort(reason: Error): void {
    this.inner.abort(reason);
  }

  pause(): void {
    if (this.mayPause) this.inner.pause();
    else this.waiting ??= 0;
  }

  resume(): void {
    this.waiting = undefined;
    this.inner.resume();
  }
}
