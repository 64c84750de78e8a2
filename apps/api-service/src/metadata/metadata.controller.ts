import { API_VERSION, SETTINGS } from '@keptn/service-kit';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { type ApiServiceSettings } from '../settings';
import { BridgeVersion } from './bridge-version';
import { type Metadata, metadata } from './metadata.dto';

@ApiTags('Metadata')
@Controller('v1/metadata')
export class MetadataController {
  constructor(
    @Inject(SETTINGS) private readonly settings: ApiServiceSettings,
    private readonly bridge: BridgeVersion,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Read the version and place of this control plane' })
  @ApiResponse({ status: 200, description: 'The metadata', standardSchema: metadata })
  async read(): Promise<Metadata> {
    const bridgeversion = await this.bridge.read();
    return {
      ...(bridgeversion !== undefined && { bridgeversion }),
      keptnlabel: 'keptn',
      keptnversion: API_VERSION,
      namespace: this.settings.POD_NAMESPACE,
    };
  }
}
