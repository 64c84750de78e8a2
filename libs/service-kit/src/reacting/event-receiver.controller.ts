import { receiveEvent } from '@keptn/api-models';
import { Body, Controller, Req } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { documentedOnly } from '../openapi/documented-only';
import { Route } from '../openapi/route.decorator';
import { EventReceiver } from './event-receiver';

@Controller()
export class EventReceiverController {
  constructor(private readonly receiver: EventReceiver) {}

  @Route(receiveEvent)
  async receive(
    @Req() { headers }: FastifyRequest,
    @Body({ schema: documentedOnly(receiveEvent.body) }) body: unknown,
  ): Promise<void> {
    await this.receiver.receive(headers, body);
  }
}
