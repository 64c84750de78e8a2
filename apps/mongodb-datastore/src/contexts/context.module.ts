import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { LogModule } from '../log/log.module';
import { ContextFollower } from './context-follower';
import { ContextStore } from './context-store';
import { ContextRecord, contextSchema } from './context.schema';

@Module({
  imports: [LogModule, MongooseModule.forFeature([{ name: ContextRecord.name, schema: contextSchema }])],
  providers: [ContextFollower, ContextStore],
  exports: [ContextStore],
})
export class ContextModule {}
