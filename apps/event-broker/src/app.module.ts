import { accessGuard, auditThrough } from '@keptn/auth';
import { MongodbConnectionModule } from '@keptn/mongodb-connection';
import { type ServiceDefinition } from '@keptn/service-kit';
import { type DynamicModule, Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { DeliveryJournal } from './delivery/delivery-journal';
import { DeliveryRecord, deliveryRecordSchema } from './delivery/delivery-record.schema';
import { DeliveryController } from './deliveries/delivery.controller';
import { DeliveryService } from './deliveries/delivery.service';
import { ExplanationController } from './explanation/explanation.controller';
import { ExplanationService } from './explanation/explanation.service';
import { DeliveryStore } from './delivery/delivery.store';
import { DeclaredSubscriptions } from './distribution/declared-subscriptions';
import { DistributionParts } from './distribution/distribution-parts';
import { DistributionService } from './distribution/distribution.service';
import { DoorController } from './door/door.controller';
import { DoorService, parseBody } from './door/door.service';
import { Lease } from './lease/lease';
import { DistributionLease, distributionLeaseSchema } from './lease/lease.schema';
import { LogClient } from './log/log-client';
import { NatsArrival, natsArrivalSchema } from './nats/arrival.schema';
import { ArrivalStore } from './nats/arrival.store';
import { NatsIntake } from './nats/nats-intake';
import { NatsLink } from './nats/nats-link';
import { NatsPublisher } from './nats/nats-publisher';
import { StoredArrivals } from './nats/stored-arrivals';
import { openApi } from './openapi';
import { type Settings, settings } from './settings';
import { Sinks } from './sink/sinks';
import { SecretBox } from './subscription/secret-box';
import { SubscriptionController } from './subscriptions/subscription.controller';
import { SubscriptionRecord, subscriptionSchema } from './subscription/subscription.schema';
import { SubscriptionPositionService } from './subscriptions/subscription-position.service';
import { SubscriptionService } from './subscriptions/subscription.service';
import { SubscriptionStore } from './subscription/subscription.store';

@Module({})
class AppModule {
  static with({ MONGODB_URI }: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        MongodbConnectionModule.connect(MONGODB_URI),
        MongooseModule.forFeature([
          { name: SubscriptionRecord.name, schema: subscriptionSchema },
          { name: DeliveryRecord.name, schema: deliveryRecordSchema },
          { name: DistributionLease.name, schema: distributionLeaseSchema },
          { name: NatsArrival.name, schema: natsArrivalSchema },
        ]),
      ],
      // The door takes every path that is left.
      controllers: [SubscriptionController, DeliveryController, ExplanationController, DoorController],
      providers: [
        ArrivalStore,
        DeclaredSubscriptions,
        DeliveryJournal,
        DeliveryService,
        DeliveryStore,
        DistributionParts,
        DistributionService,
        DoorService,
        Lease,
        ExplanationService,
        LogClient,
        NatsIntake,
        NatsLink,
        NatsPublisher,
        SecretBox,
        Sinks,
        StoredArrivals,
        SubscriptionPositionService,
        SubscriptionService,
        SubscriptionStore,
      ],
    };
  }
}

/** Distribution: every event reaches everyone who waits for it. */
export const eventBroker: ServiceDefinition<typeof settings> = {
  name: 'event-broker',
  openApi,
  settings,
  module: (values) => AppModule.with(values),
  guard: (values) => accessGuard(values),
  audit: auditThrough,
  parseBody,
};
