import { eventBrokerApi } from '@keptn/api-models';
import { documentedOnly, NotFound, Route } from '@keptn/service-kit';
import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { type FastifyRequest } from 'fastify';
import { DoorService } from './door.service';

const { acceptEvent } = eventBrokerApi;

/** Paths below it are the API. */
const API_PATH = '/v1/';

@Controller()
export class DoorController {
  constructor(private readonly door: DoorService) {}

  @Route(acceptEvent)
  async accept(
    @Req() { headers }: FastifyRequest,
    @Body({ schema: documentedOnly(acceptEvent.body) }) body: unknown,
  ): Promise<void> {
    await this.door.accept(headers, body);
  }

  /** Services of Keptn 0.7 send to `/keptn`, and some to other paths. */
  @Post('*')
  @HttpCode(202)
  @ApiExcludeEndpoint()
  async acceptAnywhere(@Req() { headers, url, body }: FastifyRequest): Promise<void> {
    const [path = ''] = url.split('?', 1);
    if (path.startsWith(API_PATH)) throw new NotFound(`path ${path} was not found`);
    await this.door.accept(headers, body);
  }
}
