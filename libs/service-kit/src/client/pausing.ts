import { type IncomingHttpHeaders } from 'node:http';
import { type Dispatcher } from 'undici';

/** Bytes of one answer that wait here for a slow reader where the server cannot be made to wait. */
export const MOST_WAITING = 64 * 1024 * 1024;

/** Alone: beside another word, or said twice, it may count for nothing. */
const KEEPS_CONNECTION = /^keep-alive$/i;
const IS_CHUNKED = /^chunked$/i;

/**
 * Whether a server can be made to wait with its answer. undici ends the process when a connection that is not kept ends while it is
 * paused (https://github.com/nodejs/undici/issues/5360). What llhttp takes for the end of a connection counts, and nothing that it might.
 *
 * @param headers of the answer, as they came
 */
export const mayPause = (headers: IncomingHttpHeaders): boolean => {
  const { connection, 'transfer-encoding': coding, 'content-length': length } = headers;
  if (headers['proxy-connection'] !== undefined) return false;
  const isChunked = coding !== undefined && IS_CHUNKED.test(coding);
  // Only HTTP/1.1 has chunks, and keeps connections of which nothing is said.
  if (connection === undefined) return isChunked;
  // Without either, the end of the connection is that of the answer.
  const hasEnd = isChunked || (coding === undefined && length !== undefined);
  return hasEnd && KEEPS_CONNECTION.test(connection);
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
    around.pass(chunk.length, () => this.handler.onResponseData?.(around, chunk));
  }

  onResponseEnd(controller: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    const around = this.around(controller);
    around.pass(0, () => this.handler.onResponseEnd?.(around, trailers));
  }

  /** Without a connection there has been no controller either. */
  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    this.controller?.forget();
    this.handler.onResponseError?.(this.controller ?? controller, error);
  }

  /** A request that is sent again has another controller. */
  private around(controller: Dispatcher.DispatchController): PausingController {
    if (this.controller?.inner !== controller) this.controller = new PausingController(controller);
    return this.controller;
  }
}

/** A part of an answer, or its end. */
interface Part {
  readonly bytes: number;
  readonly pass: () => void;
}

class PausingController implements Dispatcher.DispatchController {
  mayPause = false;
  private isPaused = false;
  private isPassing = false;
  private readonly waiting: Part[] = [];
  private waitingBytes = 0;

  constructor(readonly inner: Dispatcher.DispatchController) {}

  get aborted(): boolean {
    return this.inner.aborted;
  }

  get paused(): boolean {
    return this.isPaused || this.inner.paused;
  }

  get reason(): Error | null {
    return this.inner.reason;
  }

  /** Hands a part on to the reader, now or when it reads on. */
  pass(bytes: number, pass: () => void): void {
    if (this.aborted) return;
    this.waiting.push({ bytes, pass });
    this.waitingBytes += bytes;
    if (this.waitingBytes > MOST_WAITING) this.abort(new Error('the answer is read too slowly'));
    else this.passOn();
  }

  forget(): void {
    this.waiting.length = 0;
    this.waitingBytes = 0;
  }

  abort(reason: Error): void {
    this.forget();
    this.inner.abort(reason);
  }

  pause(): void {
    if (this.mayPause) this.inner.pause();
    else this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.passOn();
    this.inner.resume();
  }

  private passOn(): void {
    // A reader may read on while it is handed something.
    if (this.isPassing) return;
    this.isPassing = true;
    for (let part = this.next(); part !== undefined; part = this.next()) part.pass();
    this.isPassing = false;
  }

  private next(): Part | undefined {
    const part = this.isPaused ? undefined : this.waiting.shift();
    this.waitingBytes -= part?.bytes ?? 0;
    return part;
  }
}
