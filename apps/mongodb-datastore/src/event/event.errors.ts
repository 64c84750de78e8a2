import { BadRequest, NotFound, PayloadTooLarge } from '@keptn/service-kit';

/** The body or headers of a request are no acceptable CloudEvent. */
export class UnacceptableEvent extends BadRequest {}

/** The event is larger than one record of the store can be. */
export class EventTooLarge extends PayloadTooLarge {
  constructor(limit: number) {
    super(`the event is larger than the limit of ${limit} bytes for one event`);
  }
}

export class EventNotFound extends NotFound {
  constructor(id: string) {
    super(`no event with id ${id} was found`);
  }
}

export class ContextNotFound extends NotFound {
  constructor(context: string) {
    super(`no event of Keptn context ${context} was found`);
  }
}

export class UnknownPageKey extends BadRequest {
  constructor() {
    super(
      'nextPageKey in query must be the nextPageKey of an earlier answer to the same query; offsets are not accepted, ' +
        'leave it out to get the first page',
    );
  }
}
