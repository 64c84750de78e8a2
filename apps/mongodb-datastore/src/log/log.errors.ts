import { GatewayTimeout, ServiceUnavailable } from '@keptn/service-kit';

/** The database gave a query up after its time limit. */
export class QueryTooSlow extends GatewayTimeout {
  constructor(cause?: unknown) {
    super('the query took longer than 10 s; narrow it with project, keptnContext or fromTime', { cause });
  }
}

/** The database takes so long that readers of the log would give up the event's place in the order. */
export class DatabaseTooSlow extends ServiceUnavailable {
  constructor() {
    super('the database is too slow to store events in order at the moment; try again');
  }
}
