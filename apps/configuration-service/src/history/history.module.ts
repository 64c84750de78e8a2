import { Module } from '@nestjs/common';
import { GitModule } from '../git/git.module';
import { HistoryController } from './history.controller';
import { HistoryService } from './history.service';

@Module({ imports: [GitModule], controllers: [HistoryController], providers: [HistoryService] })
export class HistoryModule {}
