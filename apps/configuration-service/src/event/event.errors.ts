import { BadRequest } from '@keptn/service-kit';

/** Contract 4.10: what the view cannot record, such as an event of a whole project. */
export class EventRefused extends BadRequest {
  constructor(message: string, options?: ErrorOptions) {
    super(message, { ...options, reason: 'INVALID_EVENT' });
  }
}
