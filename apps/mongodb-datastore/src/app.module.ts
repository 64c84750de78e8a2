import { accessGuard, auditThrough } from '@keptn/auth';
import { MongodbConnectionModule } from '@keptn/mongodb-connection';
import { type ServiceDefinition } from '@keptn/service-kit';
import { type DynamicModule, Module } from '@nestjs/common';
import { ContextModule } from './contexts/context.module';
import { EventModule } from './event/event.module';
import { parseBody } from './event/intake/posted-events';
import { IdempotencyModule } from './idempotency/idempotency.module';
import { openApi } from './openapi';
import { ReaderModule } from './reader/reader.module';
import { RetentionModule } from './retention/retention.module';
import { type MongodbDatastoreSettings, mongodbDatastoreSettings } from './settings';

@Module({})
class AppModule {
  static with({ MONGODB_URI }: MongodbDatastoreSettings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        MongodbConnectionModule.connect(MONGODB_URI),
        EventModule,
        ContextModule,
        IdempotencyModule,
        ReaderModule,
        RetentionModule,
      ],
    };
  }
}

/** The event log of the control plane. */
export const mongodbDatastore: ServiceDefinition<typeof mongodbDatastoreSettings> = {
  name: 'mongodb-datastore',
  openApi,
  settings: mongodbDatastoreSettings,
  module: (settings) => AppModule.with(settings),
  guard: (values) => accessGuard(values),
  audit: auditThrough,
  negotiatesAnswers: true,
  parseBody,
  takesLineStreams: true,
};
