import { SETTINGS } from '@keptn/service-kit';
import { Module } from '@nestjs/common';
import { KubernetesApi } from '../kubernetes/kubernetes-api';
import { type ApiServiceSettings } from '../settings';
import { BRIDGE_CREDENTIALS_STORE, type BridgeCredentialsStore, noStore } from './bridge-credentials.store';
import { BridgeController } from './bridge.controller';
import { CredentialsFile } from './credentials-file';
import { CredentialsSecret } from './credentials-secret';

@Module({
  controllers: [BridgeController],
  providers: [{ provide: BRIDGE_CREDENTIALS_STORE, useFactory: storeFor, inject: [SETTINGS] }],
})
export class ConfigModule {}

/** A data folder counts more than a cluster: who runs the whole system in one container has both. */
function storeFor(settings: ApiServiceSettings): BridgeCredentialsStore {
  if (settings.KEPTN_DATA_DIR !== undefined) {
    return new CredentialsFile(settings.KEPTN_DATA_DIR);
  }
  const kubernetes = KubernetesApi.ofThisPod(settings);
  return kubernetes === undefined ? noStore : new CredentialsSecret(kubernetes);
}
