import { type IncomingHttpHeaders } from 'node:http';
import { type Dispatcher } from 'undici';
import { outcomeOf, type ReceiverKind, retryAfterMs } from './outcome';
import { type SinkAnswer } from './sink';

/** More of an answer is not read, in bytes; the connection is closed instead. */
const READ_OF_ANSWER = 64 * 1_024;

export interface HttpExchangeOptions {
  readonly receiver: ReceiverKind;
  /** What is kept of an answer, in bytes. */
  readonly keptOfAnswer: number;
}

/**
 * One request and its answer, of which only the beginning is kept. undici calls it directly: the stream, the promises and the
 * abort signal of its `request` cost as much as the rest of a small request.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private isSettled = false;
  private status = 0;
  private headers: IncomingHttpHeaders = {};
  private readonly kept: Buffer[] = [];
  private length = 0;

  /** @param settle is called once, with what the exchange came to */
  constructor(
    private readonly options: HttpExchangeOptions,
    private readonly settle: (answer: SinkAnswer) => void,
  ) {}

  /** Gives the exchange up, if it is not over. */
  cancel(reason: string): void {
    this.fail(reason);
    this.controller?.abort(new Error(reason));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isSettled) controller.abort(new Error('given up before there was a connection'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { keptOfAnswer } = this.options;
    if (this.length < keptOfAnswer) this.kept.push(Buffer.from(chunk.subarray(0, keptOfAnswer - this.length)));
    this.length += chunk.length;
    if (this.length <= READ_OF_ANSWER) return;
    this.succeed();
    controller.abort(new Error('the answer is longer than what is read of it'));
  }

  onResponseEnd(): void {
    this.succeed();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error.message);
  }

  /** @param error why there is no whole answer */
  fail(error: string): void {
    this.end({ outcome: 'failed', error });
  }

  private succeed(): void {
    const { status } = this;
    const answer = Buffer.concat(this.kept).toString('utf8');
    const pause = retryAfterMs([this.headers['retry-after']].flat()[0], Date.now());
    this.end({
      outcome: outcomeOf(status, this.options.receiver),
      status,
      ...(answer !== '' && { answer }),
      ...(pause !== undefined && { retryAfterMs: pause }),
    });
  }

  private end(answer: SinkAnswer): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.settle(answer);
  }
}
