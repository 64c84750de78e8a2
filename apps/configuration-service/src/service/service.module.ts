import { Module } from '@nestjs/common';
import { GitModule } from '../git/git.module';
import { ViewModule } from '../view/view.module';
import { ProjectServiceController } from './project-service.controller';
import { ServiceService } from './service.service';
import { StageServiceController } from './stage-service.controller';

@Module({
  imports: [GitModule, ViewModule],
  controllers: [ProjectServiceController, StageServiceController],
  providers: [ServiceService],
})
export class ServiceModule {}
