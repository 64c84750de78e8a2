import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ContextModule } from '../contexts/context.module';
import { LogModule } from '../log/log.module';
import { InterruptedDeletions } from './interrupted-deletions';
import { ProjectDeletion } from './project-deletion';
import { ProjectRegistry } from './project-registry';
import { ProjectRecord, projectSchema } from './project.schema';

@Module({
  imports: [LogModule, ContextModule, MongooseModule.forFeature([{ name: ProjectRecord.name, schema: projectSchema }])],
  providers: [InterruptedDeletions, ProjectDeletion, ProjectRegistry],
  exports: [ProjectDeletion, ProjectRegistry],
})
export class ProjectModule {}
