import { type EventContext, eventContext } from '@keptn/api-models';
import {
  type ProjectName,
  projectName,
  type ServiceName,
  serviceName,
  type StageName,
  stageName,
} from '@keptn/event-models';
import { ApiErrors } from '@keptn/service-kit';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { type StartEvaluation, startEvaluation } from './evaluation.dto';
import { EvaluationService } from './evaluation.service';

@ApiTags('Evaluations')
@Controller('v1/project/:projectName/stage/:stageName/service/:serviceName/evaluation')
export class EvaluationController {
  constructor(private readonly evaluations: EvaluationService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Start an evaluation', description: 'Sends sh.keptn.event.start-evaluation.' })
  @ApiResponse({ status: 200, description: 'The evaluation is started', standardSchema: eventContext })
  @ApiErrors({ 400: 'The time frame is not valid, or the project, stage or service does not exist' })
  start(
    @Param('projectName', { schema: projectName }) project: ProjectName,
    @Param('stageName', { schema: stageName }) stage: StageName,
    @Param('serviceName', { schema: serviceName }) service: ServiceName,
    @Body({ schema: startEvaluation }) body: StartEvaluation,
  ): Promise<EventContext> {
    return this.evaluations.start({ project, stage, service }, body);
  }
}
