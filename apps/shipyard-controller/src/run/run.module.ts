import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ProjectHealthService } from './project-health.service';
import { ReadPosition } from './read-position';
import { RunController } from './run.controller';
import { RunRecord, runSchema } from './run.schema';
import { RunService } from './run.service';
import { RunStore } from './run.store';
import { Runs } from './runs';
import { ServiceStateRecord, serviceStateSchema } from './service-state.schema';
import { ServiceStateStore } from './service-state.store';

@Module({
  imports: [
    MongooseModule.forFeature([
      { name: RunRecord.name, schema: runSchema },
      { name: ServiceStateRecord.name, schema: serviceStateSchema },
    ]),
  ],
  controllers: [RunController],
  providers: [ProjectHealthService, ReadPosition, RunService, RunStore, Runs, ServiceStateStore],
  exports: [Runs],
})
export class RunModule {}
