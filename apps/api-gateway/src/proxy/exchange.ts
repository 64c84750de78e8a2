import { type IncomingHttpHeaders } from 'node:http';
import { mayPause, MOST_WAITING } from '@keptn/service-kit';
import { type Dispatcher } from 'undici';
import { type GatewayResponse } from '../request/gateway-response';

/** Bytes. */
const LONGEST_WRITTEN_AS_TEXT = 16_384;

/** Nobody waits for the answer any more. */
class GivenUp extends Error {
  constructor() {
    super('the answer is not wanted any more');
    this.name = 'GivenUp';
  }
}

/** A request on its way through a service, and the answer on its way to the client. */
export class Exchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private isGivenUp = false;
  /** Bytes of the body that are still to come, NaN where they are not announced. */
  private left = NaN;
  private mayPause = false;

  /** @param fail is told why there is no whole answer */
  constructor(
    private readonly response: GatewayResponse,
    private readonly fail: (error: Error) => void,
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

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    const isInterim = status < 200;
    if (isInterim) {
      return;
    }
    if (this.response.destroyed) {
      controller.abort(new GivenUp());
      return;
    }
    this.left = Number(headers['content-length']);
    this.mayPause = mayPause(headers);
    this.response.passOn(status, headers);
    if (status === 304) {
      // The length that it may have is that of the answer which the client has (RFC 9110 section 8.6).
      this.response.end();
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.left -= chunk.length;
    const isLast = this.left === 0;
    if (isLast && chunk.length <= LONGEST_WRITTEN_AS_TEXT) {
      // As text, since the headers are.
      this.response.endWith(chunk.toString('latin1'));
      return;
    }
    if (this.response.write(chunk) || isLast) {
      return;
    }
    if (this.mayPause) {
      controller.pause();
      this.response.once('drain', () => {
        controller.resume();
      });
    } else if (this.response.writableLength > MOST_WAITING) {
      controller.abort(new Error('the client takes the answer too slowly'));
    }
  }

  onResponseEnd(): void {
    if (!this.response.writableEnded) {
      this.response.end();
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }
}
