import { type IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, errors } from 'undici';

/**
 * Ends an answer of which nothing has come for so long, as undici's own `bodyTimeout` does. Its clock ticks twice a second for as long
 * as an answer is open, which for one that is open always is most of what a process at rest does.
 *
 * @param timeoutMs milliseconds
 */
export const endingSilence =
  (timeoutMs: number): Dispatcher.DispatcherComposeInterceptor =>
  (dispatch) =>
  (options, handler) =>
    dispatch({ ...options, bodyTimeout: 0 }, new ListeningHandler(handler, timeoutMs));

class ListeningHandler implements Dispatcher.DispatchHandler {
  private silence: NodeJS.Timeout | undefined;

  constructor(
    private readonly handler: Dispatcher.DispatchHandler,
    private readonly timeoutMs: number,
  ) {}

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.handler.onRequestStart?.(controller, context);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    statusMessage?: string,
  ): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      // Nothing comes while nobody reads.
      if (controller.paused) this.silence?.refresh();
      else controller.abort(new errors.BodyTimeoutError());
    }, this.timeoutMs).unref();
    this.handler.onResponseStart?.(controller, status, headers, statusMessage);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.silence?.refresh();
    this.handler.onResponseData?.(controller, chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    clearTimeout(this.silence);
    this.handler.onResponseEnd?.(controller, trailers);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.silence);
    this.handler.onResponseError?.(controller, error);
  }
}
