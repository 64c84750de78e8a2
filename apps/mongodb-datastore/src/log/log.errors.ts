import { GatewayTimeout } from '@keptn/service-kit';

/** The database gave a query up after its time limit. */
export class QueryTooSlow extends GatewayTimeout {
  constructor(cause: unknown) {
    super('the query took longer than 10 s; narrow it with project, keptnContext or fromTime', { cause });
  }
}
