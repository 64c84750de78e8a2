import { BadRequest, NotFound } from '@keptn/service-kit';

export class EventNotFound extends NotFound {
  constructor(type: string, keptnContext: string) {
    super(`No ${type} event found for Keptn context: ${keptnContext}`);
  }
}

/** The event would claim that a project or service was created or deleted, which its own route does. */
export class ReservedEventType extends BadRequest {
  constructor(type: string, route: string) {
    super(`events of type ${type} are sent by this API itself: use ${route}`);
  }
}

/** The event cannot be accepted; the message says which attribute is wrong. */
export class UnacceptableEvent extends BadRequest {}
