import { ChannelTickets } from '@keptn/auth';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { type ApiServiceSettings } from '../settings';
import { ConfigurationServiceClient } from './configuration-service.client';
import { EventLogClient } from './event-log.client';
import { InterruptedChanges } from './interrupted-changes';
import { RecordedChanges } from './recorded-changes';

/** The other services of the control plane, as this one uses them. */
@Global()
@Module({})
export class ControlPlaneModule {
  static connect(settings: ApiServiceSettings): DynamicModule {
    const token = settings.KEPTN_API_TOKEN;
    const providers = [
      { provide: ChannelTickets, useFactory: () => new ChannelTickets(token) },
      {
        provide: ConfigurationServiceClient,
        useFactory: () => new ConfigurationServiceClient(settings.CONFIGURATION_SERVICE_URL, token),
      },
      {
        provide: EventLogClient,
        useFactory: (tickets: ChannelTickets) => new EventLogClient(settings.MONGODB_DATASTORE_URL, token, tickets),
        inject: [ChannelTickets],
      },
    ];
    return {
      module: ControlPlaneModule,
      providers: [...providers, RecordedChanges, InterruptedChanges],
      exports: [...providers.map(({ provide }) => provide), RecordedChanges],
    };
  }
}
