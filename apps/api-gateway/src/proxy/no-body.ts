import { Stream } from 'node:stream';

/** Stands for the body of requests that have none: the request to the service is complete at once, with nothing to pipe. */
export class NoBody extends Stream {
  override pipe<Outgoing extends NodeJS.WritableStream>(outgoing: Outgoing): Outgoing {
    outgoing.end();
    return outgoing;
  }
}
