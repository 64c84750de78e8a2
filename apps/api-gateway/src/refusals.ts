import { ServiceError } from '@keptn/service-kit';

/** The path is a websocket, and the request does not ask for one. */
export class UpgradeRequired extends ServiceError {
  override readonly status = 426;
  override readonly headers = { Upgrade: 'websocket', Connection: 'Upgrade' };

  constructor() {
    super('this path is a websocket: connect to it with a websocket client');
  }
}
