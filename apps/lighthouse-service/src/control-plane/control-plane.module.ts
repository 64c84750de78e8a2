import { SETTINGS } from '@keptn/service-kit';
import { Module } from '@nestjs/common';
import { type Settings } from '../settings';
import { ConfigurationServiceClient } from './configuration-service.client';

/** The other services of the control plane, as this one uses them; the event log is the kit's. */
@Module({
  providers: [
    {
      provide: ConfigurationServiceClient,
      inject: [SETTINGS],
      useFactory: ({ CONFIGURATION_SERVICE_URL, KEPTN_API_TOKEN }: Settings) =>
        new ConfigurationServiceClient(CONFIGURATION_SERVICE_URL, KEPTN_API_TOKEN),
    },
  ],
  exports: [ConfigurationServiceClient],
})
export class ControlPlaneModule {}
