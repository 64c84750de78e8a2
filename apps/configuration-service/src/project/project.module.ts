import { Module } from '@nestjs/common';
import { GitModule } from '../git/git.module';
import { UpstreamModule } from '../upstream/upstream.module';
import { ViewModule } from '../view/view.module';
import { ProjectController } from './project.controller';
import { ProjectService } from './project.service';

@Module({
  imports: [GitModule, UpstreamModule, ViewModule],
  controllers: [ProjectController],
  providers: [ProjectService],
})
export class ProjectModule {}
