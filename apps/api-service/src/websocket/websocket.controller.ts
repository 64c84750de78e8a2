import { api } from '@keptn/api-models';
import { Route, UpgradeRequired } from '@keptn/service-kit';
import { Controller } from '@nestjs/common';

@Controller()
export class WebsocketController {
  /** Only a websocket handshake gets further; see {@link WebsocketEndpoint}. */
  @Route(api.openWebsocket)
  describe(): never {
    throw new UpgradeRequired();
  }
}
