import { Module } from '@nestjs/common';
import { EvaluationModule } from '../evaluation/evaluation.module';
import { ProviderModule } from '../provider/provider.module';
import { PreviewController } from './preview.controller';
import { PreviewService } from './preview.service';
import { TimeFramePreviewService } from './time-frame-preview.service';

@Module({
  imports: [EvaluationModule, ProviderModule],
  controllers: [PreviewController],
  providers: [PreviewService, TimeFramePreviewService],
})
export class PreviewModule {}
