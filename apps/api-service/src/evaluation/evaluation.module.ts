import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../idempotency/idempotency.module';
import { EvaluationController } from './evaluation.controller';
import { EvaluationService } from './evaluation.service';

@Module({ imports: [IdempotencyModule], controllers: [EvaluationController], providers: [EvaluationService] })
export class EvaluationModule {}
