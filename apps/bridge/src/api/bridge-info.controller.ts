import { bridgeApi, type BridgeInfo } from '@keptn/api-models';
import { API_VERSION, Route, SETTINGS } from '@keptn/service-kit';
import { Controller, Inject, Req } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { publicOrigin } from '../session/browser-request';
import { type BridgeSettings } from '../settings';

/** Of the original's chart; scripts read them. */
const PAGE_SIZE = 50;

@Controller()
export class BridgeInfoController {
  constructor(@Inject(SETTINGS) private readonly settings: BridgeSettings) {}

  @Route(bridgeApi.getBridgeInfo)
  get(@Req() request: FastifyRequest): BridgeInfo {
    return {
      bridgeVersion: API_VERSION,
      keptnInstallationType: 'QUALITY_GATES,CONTINUOUS_OPERATIONS,CONTINUOUS_DELIVERY',
      apiUrl: `${publicOrigin(request)}${this.settings.PREFIX_PATH}/api`,
      cliDownloadLink: 'https://github.com/keptn/keptn/releases/tag/0.7.3',
      enableVersionCheckFeature: false,
      showApiToken: false,
      projectsPageSize: PAGE_SIZE,
      servicesPageSize: PAGE_SIZE,
    };
  }
}
