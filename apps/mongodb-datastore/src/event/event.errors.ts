import { ServiceError, type ServiceErrorOptions, ServiceUnavailable } from '@keptn/service-kit';

/** The body or headers of a request are no acceptable CloudEvent. */
export class UnacceptableEvent extends ServiceError {
  constructor(message: string, options?: ServiceErrorOptions) {
    super('INVALID_EVENT', message, options);
  }
}

/** The event is larger than one record of the store can be. */
export class EventTooLarge extends ServiceError {
  constructor(limit: number) {
    super('EVENT_TOO_LARGE', `the event is larger than the limit of ${limit} bytes for one event`);
  }
}

/** Another event has this id and source: to answer with success would be to drop this one without a word. */
export class EventConflict extends ServiceError {
  constructor(id: string, source: string) {
    super(
      'EVENT_EXISTS',
      `an event with id ${id} and source ${source} is stored already and says something else; ` +
        'send this one with an id of its own',
    );
  }
}

export class EventNotFound extends ServiceError {
  constructor(id: string) {
    super('EVENT_NOT_FOUND', `no event with id ${id} was found`);
  }
}

export class ContextNotFound extends ServiceError {
  constructor(context: string) {
    super('CONTEXT_NOT_FOUND', `no event of Keptn context ${context} was found`);
  }
}

export class UnknownPageKey extends ServiceError {
  constructor() {
    super(
      'INVALID_PAGE_KEY',
      'nextPageKey in query must be the nextPageKey of an earlier answer to the same query, or the number of events to ' +
        'skip; leave it out to get the first page',
    );
  }
}

const whatIsStored = (line: number): string =>
  `the lines before line ${line} are done with, those behind may be; send all of them again, none is stored twice`;

/** The database failed in the middle of an import. */
export class InterruptedImport extends ServiceUnavailable {
  /** @param unfinished number of the first line of which nothing is known */
  constructor(unfinished: number, options: ErrorOptions) {
    super(`the database cannot be reached; ${whatIsStored(unfinished)}`, { ...options, reason: 'IMPORT_INTERRUPTED' });
  }
}

/** The lines of an import ended in the middle. */
export class BrokenOffImport extends ServiceError {
  /** @param unfinished number of the first line of which nothing is known */
  constructor(unfinished: number, options: ErrorOptions) {
    super('IMPORT_BROKEN_OFF', `the body broke off; ${whatIsStored(unfinished)}`, options);
  }
}
