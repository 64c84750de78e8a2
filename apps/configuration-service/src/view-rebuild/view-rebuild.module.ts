import { Module } from '@nestjs/common';
import { ViewModule } from '../view/view.module';
import { EventLog } from './event-log';
import { ViewRebuildController } from './view-rebuild.controller';
import { ViewRebuildService } from './view-rebuild.service';

@Module({ imports: [ViewModule], controllers: [ViewRebuildController], providers: [EventLog, ViewRebuildService] })
export class ViewRebuildModule {}
