import { type Caller, type Delivery, eventBrokerApi, type ParametersOf, type QueryOf } from '@keptn/api-models';
import { CurrentCaller, Route } from '@keptn/service-kit';
import { Controller, Param, Query } from '@nestjs/common';
import { type DeliveryPage, DeliveryService } from './delivery.service';

const { listDeliveries, redeliver } = eventBrokerApi;

@Controller()
export class DeliveryController {
  constructor(private readonly deliveries: DeliveryService) {}

  @Route(listDeliveries)
  list(
    @Query({ schema: listDeliveries.query }) query: QueryOf<typeof listDeliveries>,
    @CurrentCaller() caller: Caller,
  ): Promise<DeliveryPage> {
    return this.deliveries.list(query, caller);
  }

  @Route(redeliver)
  redeliver(
    @Param({ schema: redeliver.parameters }) { name, sequence }: ParametersOf<typeof redeliver>,
    @CurrentCaller() caller: Caller,
  ): Promise<Delivery> {
    return this.deliveries.redeliver(name, sequence, caller);
  }
}
