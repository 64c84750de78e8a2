import { type ServiceDefinition } from '@keptn/service-kit';
import { Module } from '@nestjs/common';
import { developmentMongodbSettings } from './settings';
import { StoreServer } from './store-server';

@Module({ providers: [StoreServer] })
class AppModule {}

/** The embedded store as a process of its own: the database of a development cluster, where no MongoDB is at hand. */
export const developmentMongodb: ServiceDefinition<typeof developmentMongodbSettings> = {
  name: 'development-mongodb',
  settings: developmentMongodbSettings,
  module: () => AppModule,
};
