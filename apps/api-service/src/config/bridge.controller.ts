import { ApiErrors } from '@keptn/service-kit';
import { Body, Controller, Get, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { BRIDGE_CREDENTIALS_STORE, type BridgeCredentialsStore } from './bridge-credentials.store';
import { bridgeCredentials, type BridgeCredentials } from './bridge.dto';
import { NoBridgeCredentials } from './bridge.errors';

@ApiTags('Bridge')
@Controller('v1/config/bridge')
export class BridgeController {
  constructor(@Inject(BRIDGE_CREDENTIALS_STORE) private readonly store: BridgeCredentialsStore) {}

  @Post()
  @HttpCode(200)
  @Header('Content-Type', 'application/json')
  @ApiOperation({
    summary: 'Set user and password of the Bridge',
    description: 'In a cluster they are kept in a secret, and the Bridge is restarted; otherwise in the data folder.',
  })
  @ApiResponse({
    status: 200,
    description: 'They are set; the body is an empty JSON string',
    schema: { type: 'string' },
  })
  @ApiErrors({ 400: 'User or password is missing or empty', 502: 'Kubernetes refuses; the message says why' })
  async set(@Body({ schema: bridgeCredentials }) credentials: BridgeCredentials): Promise<string> {
    await this.store.save(credentials);
    return '""';
  }

  @Get()
  @ApiOperation({ summary: 'Read user and password of the Bridge', description: 'In clear text.' })
  @ApiResponse({ status: 200, description: 'The credentials', standardSchema: bridgeCredentials })
  @ApiErrors({ 404: 'None are set', 502: 'Kubernetes refuses; the message says why' })
  async read(): Promise<BridgeCredentials> {
    const credentials = await this.store.read();
    if (credentials === undefined) {
      throw new NoBridgeCredentials();
    }
    return credentials;
  }
}
