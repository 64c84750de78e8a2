import { Module } from '@nestjs/common';
import { DefaultResourceController } from './default-resource.controller';
import { DefaultResources } from './default-resources';
import { ProjectResourceController } from './project-resource.controller';
import { ResourceReader } from './resource-reader';
import { ResourceService } from './resource.service';
import { ResourceWriter } from './resource-writer';
import { ServiceResourceController } from './service-resource.controller';
import { StageResourceController } from './stage-resource.controller';

@Module({
  controllers: [
    ProjectResourceController,
    StageResourceController,
    ServiceResourceController,
    DefaultResourceController,
  ],
  providers: [DefaultResources, ResourceReader, ResourceService, ResourceWriter],
})
export class ResourceModule {}
