import { type AnswerOf, type BodyOf, lighthouseServiceApi, type ParametersOf } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Body, Controller, Param } from '@nestjs/common';
import { PreviewService } from './preview.service';
import { TimeFramePreviewService } from './time-frame-preview.service';

const { previewEvaluations, previewTimeFrames } = lighthouseServiceApi;

@Controller()
export class PreviewController {
  constructor(
    private readonly previews: PreviewService,
    private readonly timeFrames: TimeFramePreviewService,
  ) {}

  @Route(previewEvaluations)
  preview(
    @Param({ schema: previewEvaluations.parameters }) names: ParametersOf<typeof previewEvaluations>,
    @Body({ schema: previewEvaluations.body }) body: BodyOf<typeof previewEvaluations>,
  ): Promise<AnswerOf<typeof previewEvaluations>> {
    return this.previews.preview(names, body);
  }

  @Route(previewTimeFrames)
  previewTimeFrames(
    @Param({ schema: previewTimeFrames.parameters }) names: ParametersOf<typeof previewTimeFrames>,
    @Body({ schema: previewTimeFrames.body }) body: BodyOf<typeof previewTimeFrames>,
  ): Promise<AnswerOf<typeof previewTimeFrames>> {
    return this.timeFrames.preview(names, body);
  }
}
