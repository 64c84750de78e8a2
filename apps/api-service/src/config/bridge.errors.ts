import { NotFound, ServiceUnavailable } from '@keptn/service-kit';

export class NoBridgeCredentials extends NotFound {
  constructor() {
    super('Could not read bridge credentials: none are set, set them with POST /v1/config/bridge');
  }
}

/** Neither a cluster nor a data folder: the operator has to provide one. */
export class NoPlaceForCredentials extends ServiceUnavailable {
  constructor() {
    super('bridge credentials cannot be kept: the service runs outside of a cluster and without KEPTN_DATA_DIR');
  }
}
