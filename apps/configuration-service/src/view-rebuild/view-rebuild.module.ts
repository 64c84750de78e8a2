import { Module } from '@nestjs/common';
import { EventLog } from './event-log';
import { ViewRebuildController } from './view-rebuild.controller';
import { ViewRebuildService } from './view-rebuild.service';

@Module({ controllers: [ViewRebuildController], providers: [EventLog, ViewRebuildService] })
export class ViewRebuildModule {}
