import { ServiceError } from '../errors/service-error';

/** An event that will never be understood here, however often it is sent. The message says what is wrong with it. */
export class EventRefused extends ServiceError {
  constructor(message: string, options?: ErrorOptions) {
    super('INVALID_EVENT', message, options);
  }
}
