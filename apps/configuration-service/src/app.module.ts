import { accessGuard } from '@keptn/auth';
import { MongodbConnectionModule } from '@keptn/mongodb-connection';
import { type ServiceDefinition } from '@keptn/service-kit';
import { type DynamicModule, Module } from '@nestjs/common';
import { auditThroughJournal } from './audit/audit';
import { EventModule } from './event/event.module';
import { GitModule } from './git/git.module';
import { noteNamedContexts } from './git/named-context';
import { HistoryModule } from './history/history.module';
import { openApi } from './openapi';
import { OpenItemModule } from './open-item/open-item.module';
import { ProjectModule } from './project/project.module';
import { ResourceModule } from './resource/resource.module';
import { ServiceModule } from './service/service.module';
import { type Settings, settings } from './settings';
import { StageModule } from './stage/stage.module';
import { PushReports } from './upstream/push-reports';
import { UpstreamModule } from './upstream/upstream.module';
import { ViewRebuildModule } from './view-rebuild/view-rebuild.module';
import { ViewModule } from './view/view.module';

@Module({})
export class AppModule {
  static with({ MONGODB_URI }: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        MongodbConnectionModule.connect(MONGODB_URI),
        GitModule,
        ViewModule,
        UpstreamModule,
        ProjectModule,
        StageModule,
        ServiceModule,
        ResourceModule,
        HistoryModule,
        OpenItemModule,
        EventModule,
        ViewRebuildModule,
      ],
    };
  }
}

export const configurationService: ServiceDefinition<typeof settings> = {
  name: 'configuration-service',
  openApi,
  settings,
  guard: (values) => accessGuard(values),
  audit: auditThroughJournal,
  module: (values) => AppModule.with(values),
  configure: (app) => {
    noteNamedContexts(app);
    app.get(PushReports).addTo(app);
  },
};
