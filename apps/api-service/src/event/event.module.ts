import { Module } from '@nestjs/common';
import { EventController } from './event.controller';
import { EventService } from './event.service';
import { SenderRights } from './sender-rights';

@Module({ controllers: [EventController], providers: [EventService, SenderRights] })
export class EventModule {}
