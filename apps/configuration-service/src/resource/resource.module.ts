import { Module } from '@nestjs/common';
import { GitModule } from '../git/git.module';
import { UpstreamModule } from '../upstream/upstream.module';
import { ViewModule } from '../view/view.module';
import { DefaultResources } from './default-resources';
import { ResourceReader } from './resource-reader';
import { ResourceWriter } from './resource-writer';
import {
  DefaultResourceController,
  ProjectResourceController,
  ServiceResourceController,
  StageResourceController,
} from './resource.controller';
import { ResourceTreeController } from './resource-tree.controller';
import { ResourceVersions } from './resource-versions';

@Module({
  imports: [GitModule, UpstreamModule, ViewModule],
  controllers: [
    ProjectResourceController,
    StageResourceController,
    ServiceResourceController,
    DefaultResourceController,
    ResourceTreeController,
  ],
  providers: [DefaultResources, ResourceReader, ResourceVersions, ResourceWriter],
})
export class ResourceModule {}
