import { ServiceError, type ServiceErrorOptions } from '@keptn/service-kit';

export class EventNotFound extends ServiceError {
  constructor(type: string, keptnContext: string) {
    super('EVENT_NOT_FOUND', `No ${type} event found for Keptn context: ${keptnContext}`);
  }
}

/** The event would claim that a project or service was created or deleted, which its own route does. */
export class ReservedEventType extends ServiceError {
  constructor(type: string, route: string) {
    super('RESERVED_EVENT_TYPE', `events of type ${type} are sent by this API itself: use ${route}`);
  }
}

/** The event cannot be accepted; the message says which attribute is wrong. */
export class UnacceptableEvent extends ServiceError {
  constructor(message: string, options?: ServiceErrorOptions) {
    super('INVALID_EVENT', message, options);
  }
}
