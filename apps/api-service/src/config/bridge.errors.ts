import { ServiceError } from '@keptn/service-kit';

export class NoBridgeCredentials extends ServiceError {
  constructor() {
    super(
      'NO_BRIDGE_CREDENTIALS',
      'Could not read bridge credentials: none are set, set them with POST /v1/config/bridge',
    );
  }
}

/** Neither a cluster nor a data folder: the operator has to provide one. */
export class NowhereToStoreCredentials extends ServiceError {
  constructor() {
    super(
      'CREDENTIALS_NOT_STORED',
      'bridge credentials cannot be stored: the service runs outside of a cluster and without KEPTN_DATA_DIR',
    );
  }
}
