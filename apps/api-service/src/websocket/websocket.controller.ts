import { ApiErrors, UpgradeRequired } from '@keptn/service-kit';
import { Controller, Get } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

@ApiTags('Websocket')
@Controller('websocket')
export class WebsocketController {
  /**
   * Describes the websocket, which has no other place in an OpenAPI document. Only a websocket handshake gets further; see
   * {@link WebsocketEndpoint}.
   */
  @Get()
  @ApiOperation({
    summary: 'Follow how a request goes on, with a websocket client',
    description:
      'With a ticket and the id of a channel a client reads the messages of a Keptn context (`sh.keptn.events.log`), the last ' +
      'of which has `terminate: true`. With a ticket alone a service writes messages. The API token is not needed. Answers to ' +
      'the creation and deletion of projects and services say which ticket and channel; failures say it in headers of the same ' +
      'names.',
  })
  @ApiHeader({ name: 'Token', required: true, description: 'The ticket: `token` of the eventContext' })
  @ApiHeader({
    name: 'Keptn-Ws-Channel-Id',
    required: false,
    description: 'The channel: `keptnContext` of the eventContext; left out by services that write',
  })
  @ApiResponse({ status: 101, description: 'The websocket is open' })
  @ApiErrors({ 401: 'The ticket is missing, invalid, expired, or for another channel', 426: 'Not a websocket client' })
  describe(): never {
    throw new UpgradeRequired();
  }
}
