import { Module } from '@nestjs/common';
import { ContextModule } from '../contexts/context.module';
import { LogModule } from '../log/log.module';
import { Expiry } from './expiry';
import { RetentionService } from './retention.service';

@Module({ imports: [LogModule, ContextModule], providers: [Expiry, RetentionService] })
export class RetentionModule {}
