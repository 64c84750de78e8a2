import { ServiceError } from '@keptn/service-kit';

/** A body for which the request must say how long it is. */
export class LengthRequired extends ServiceError {
  constructor(message: string) {
    super('LENGTH_REQUIRED', message);
  }
}

/** More headers than a client of this API can have a reason for. */
export class TooManyHeaders extends ServiceError {
  constructor(message: string) {
    super('HEADERS_TOO_LARGE', message);
  }
}
