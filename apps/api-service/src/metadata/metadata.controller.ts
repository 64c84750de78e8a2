import { type AnswerOf, api } from '@keptn/api-models';
import { API_VERSION, Route, SETTINGS } from '@keptn/service-kit';
import { Controller, Inject } from '@nestjs/common';
import { type ApiServiceSettings } from '../settings';
import { BridgeVersion } from './bridge-version';

const { getMetadata } = api;

@Controller()
export class MetadataController {
  constructor(
    @Inject(SETTINGS) private readonly settings: ApiServiceSettings,
    private readonly bridge: BridgeVersion,
  ) {}

  @Route(getMetadata)
  async read(): Promise<AnswerOf<typeof getMetadata>> {
    const bridgeversion = await this.bridge.read();
    return {
      ...(bridgeversion !== undefined && { bridgeversion }),
      keptnlabel: 'keptn',
      keptnversion: API_VERSION,
      namespace: this.settings.POD_NAMESPACE,
    };
  }
}
