import { Module } from '@nestjs/common';
import { ServiceModule } from '../service/service.module';
import { ProjectController } from './project.controller';
import { ProjectService } from './project.service';

@Module({ imports: [ServiceModule], controllers: [ProjectController], providers: [ProjectService] })
export class ProjectModule {}
