import { Module } from '@nestjs/common';
import { LogModule } from '../log/log.module';
import { ReaderController } from './reader.controller';
import { ReaderService } from './reader.service';

@Module({ imports: [LogModule], controllers: [ReaderController], providers: [ReaderService] })
export class ReaderModule {}
