import { ServiceError } from '@keptn/service-kit';

/** A body for which the request must say how long it is. */
export class LengthRequired extends ServiceError {
  override readonly status = 411;
}

/** More headers than a client of this API can have a reason for. */
export class TooManyHeaders extends ServiceError {
  override readonly status = 431;
}
