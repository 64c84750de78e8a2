import { type IncomingHttpHeaders } from 'node:http';
import { type Dispatcher } from 'undici';
import { type GatewayResponse } from '../request/gateway-response';

/** Of an answer: how it is framed, and how long a connection lasts, is agreed anew with the client. */
const OF_THE_SERVICES_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade'];

/** Bytes. */
const LONGEST_WRITTEN_AS_TEXT = 16_384;

/** Nobody waits for the answer any more. */
export class GivenUp extends Error {
  constructor() {
    super('the answer is not wanted any more');
    this.name = 'GivenUp';
  }
}

export interface ExchangeParts {
  readonly isShuttingDown: () => boolean;
  readonly fail: (error: Error) => void;
}

/** A request on its way through a service, and the answer on its way to the client. */
export class Exchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private isGivenUp = false;
  /** Bytes of the answer's body, if they are announced. */
  private announced = NaN;

  constructor(
    private readonly response: GatewayResponse,
    private readonly parts: ExchangeParts,
  ) {}

  /** Ends it wherever it is; the service notices by the end of its connection. */
  giveUp(): void {
    this.isGivenUp = true;
    this.controller?.abort(new GivenUp());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isGivenUp) {
      controller.abort(new GivenUp());
    }
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    message?: string,
  ): void {
    const isInterim = status < 200;
    if (isInterim) {
      return;
    }
    for (const name of OF_THE_SERVICES_HOP) {
      if (name in headers) Reflect.deleteProperty(headers, name);
    }
    if (this.parts.isShuttingDown()) {
      headers.connection = 'close';
    }
    this.announced = Number(headers['content-length']);
    this.response.writeHead(status, message === '' ? undefined : message, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (chunk.length === this.announced && chunk.length <= LONGEST_WRITTEN_AS_TEXT) {
      // In one piece with the headers, which are text.
      this.response.end(chunk.toString('latin1'), 'latin1');
      return;
    }
    if (!this.response.write(chunk)) {
      controller.pause();
      this.response.once('drain', () => {
        controller.resume();
      });
    }
  }

  onResponseEnd(): void {
    if (!this.response.writableEnded) {
      this.response.end();
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.parts.fail(error);
  }
}
