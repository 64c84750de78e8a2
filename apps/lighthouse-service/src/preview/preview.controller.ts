import { type AnswerOf, type BodyOf, lighthouseServiceApi, type ParametersOf } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Body, Controller, Param } from '@nestjs/common';
import { PreviewService } from './preview.service';

const { previewEvaluations } = lighthouseServiceApi;

@Controller()
export class PreviewController {
  constructor(private readonly previews: PreviewService) {}

  @Route(previewEvaluations)
  preview(
    @Param({ schema: previewEvaluations.parameters }) names: ParametersOf<typeof previewEvaluations>,
    @Body({ schema: previewEvaluations.body }) body: BodyOf<typeof previewEvaluations>,
  ): Promise<AnswerOf<typeof previewEvaluations>> {
    return this.previews.preview(names, body);
  }
}
