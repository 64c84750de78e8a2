import { Module } from '@nestjs/common';
import { ProjectServiceController } from './project-service.controller';
import { ServiceService } from './service.service';
import { StageServiceController } from './stage-service.controller';

@Module({ controllers: [ProjectServiceController, StageServiceController], providers: [ServiceService] })
export class ServiceModule {}
