import { Module } from '@nestjs/common';
import { GitModule } from '../git/git.module';
import { ViewModule } from '../view/view.module';
import { CredentialsStore } from './credentials.store';
import { MountedCredentials } from './mounted-credentials';
import { ProjectAdoption } from './project-adoption';
import { ProjectUpstreams } from './project-upstreams';
import { PushReports } from './push-reports';
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
    PushReports,
  ],
  exports: [ProjectUpstreams, ProjectAdoption],
})
export class UpstreamModule {}
