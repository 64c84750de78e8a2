import { Module } from '@nestjs/common';
import { ViewModule } from '../view/view.module';
import { EventController } from './event.controller';
import { EventService } from './event.service';

@Module({ imports: [ViewModule], controllers: [EventController], providers: [EventService] })
export class EventModule {}
