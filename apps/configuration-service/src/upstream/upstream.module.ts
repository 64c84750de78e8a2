import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { GitModule } from '../git/git.module';
import { ViewModule } from '../view/view.module';
import { CredentialsStore } from './credentials.store';
import { MountedCredentials } from './mounted-credentials';
import { ProjectAdoption } from './project-adoption';
import { ProjectUpstreams } from './project-upstreams';
import { PushReportInterceptor } from './push-report.interceptor';
import { UpstreamCredentials } from './upstream-credentials';
import { UpstreamWorkers } from './upstream-workers';

/** Upstream repositories: where projects are pushed to, and where the commits of people come from. */
@Module({
  imports: [GitModule, ViewModule],
  providers: [
    CredentialsStore,
    MountedCredentials,
    UpstreamCredentials,
    UpstreamWorkers,
    ProjectUpstreams,
    ProjectAdoption,
    { provide: APP_INTERCEPTOR, useClass: PushReportInterceptor },
  ],
  exports: [ProjectUpstreams, ProjectAdoption],
})
export class UpstreamModule {}
