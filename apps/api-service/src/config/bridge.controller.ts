import { api, type BridgeCredentials } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Body, Controller, Header, Inject } from '@nestjs/common';
import { BRIDGE_CREDENTIALS_STORE, type BridgeCredentialsStore } from './bridge-credentials.store';
import { NoBridgeCredentials } from './bridge.errors';

const { getBridgeCredentials, setBridgeCredentials } = api;

@Controller()
export class BridgeController {
  constructor(@Inject(BRIDGE_CREDENTIALS_STORE) private readonly store: BridgeCredentialsStore) {}

  @Route(setBridgeCredentials)
  @Header('Content-Type', 'application/json')
  async set(@Body({ schema: setBridgeCredentials.body }) credentials: BridgeCredentials): Promise<string> {
    await this.store.save(credentials);
    return '""';
  }

  @Route(getBridgeCredentials)
  async read(): Promise<BridgeCredentials> {
    const credentials = await this.store.read();
    if (credentials === undefined) {
      throw new NoBridgeCredentials();
    }
    return credentials;
  }
}
