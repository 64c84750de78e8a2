import { SETTINGS } from '@keptn/service-kit';
import { Global, Module } from '@nestjs/common';
import { type Settings } from '../settings';
import { ConfigurationServiceClient } from './configuration-service.client';
import { ContextLog } from './context-log';
import { ProjectFiles } from './project-files';

/** What decisions are made from: the files of projects, and the log. */
@Global()
@Module({
  providers: [
    {
      provide: ConfigurationServiceClient,
      inject: [SETTINGS],
      useFactory: ({ CONFIGURATION_SERVICE_URL: url, KEPTN_API_TOKEN: token }: Settings) =>
        new ConfigurationServiceClient(url, token),
    },
    ContextLog,
    ProjectFiles,
  ],
  exports: [ConfigurationServiceClient, ContextLog, ProjectFiles],
})
export class ControlPlaneModule {}
