import { Module } from '@nestjs/common';
import { ServiceProbes } from './service-probes';
import { SystemController } from './system.controller';
import { SystemService } from './system.service';

@Module({ controllers: [SystemController], providers: [ServiceProbes, SystemService] })
export class SystemModule {}
