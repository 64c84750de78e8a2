import { ServiceError } from '@keptn/service-kit';

/** A body for which the request must say how long it is. */
export class LengthRequired extends ServiceError {
  override readonly status = 411;
}

/** The path is a websocket, and the request does not ask for one. */
export class UpgradeRequired extends ServiceError {
  override readonly status = 426;
  override readonly headers = { Upgrade: 'websocket', Connection: 'Upgrade' };

  constructor() {
    super('this path is a websocket: connect to it with a websocket client');
  }
}

/** More headers than a client of this API can have a reason for. */
export class TooManyHeaders extends ServiceError {
  override readonly status = 431;
}
