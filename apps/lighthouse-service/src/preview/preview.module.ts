import { Module } from '@nestjs/common';
import { EvaluationModule } from '../evaluation/evaluation.module';
import { PreviewController } from './preview.controller';
import { PreviewService } from './preview.service';

@Module({ imports: [EvaluationModule], controllers: [PreviewController], providers: [PreviewService] })
export class PreviewModule {}
