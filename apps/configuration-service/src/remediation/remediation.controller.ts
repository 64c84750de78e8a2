import { type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { ApiErrors } from '@keptn/service-kit';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { projectParameter, serviceParameter, stageParameter } from '../domain/parameters.dto';
import { remediation, type Remediation } from '../domain/read-models.dto';
import { type PageRequest } from '../domain/page';
import { pageAnswer, pageQuery } from '../domain/page.dto';
import { ViewCurrentGuard } from '../view/view-current.guard';
import { remediationParameter, remediations, type Remediations } from './remediation.dto';
import { RemediationService } from './remediation.service';

const MISSING = 'Project not found, Stage not found, or Service not found';

@ApiTags('Remediations')
@UseGuards(ViewCurrentGuard)
@Controller('v1/project/:project/stage/:stage/service/:service/remediation')
export class RemediationController {
  constructor(private readonly remediations: RemediationService) {}

  @Get()
  @ApiOperation({ summary: 'List the open remediations of a service' })
  @ApiResponse({ status: 200, description: 'One page, oldest first', standardSchema: remediations })
  @ApiErrors({ 400: 'A name, pageSize or nextPageKey is not valid', 404: MISSING })
  async list(
    @Param('project', { schema: projectParameter }) projectName: ProjectName,
    @Param('stage', { schema: stageParameter }) stageName: StageName,
    @Param('service', { schema: serviceParameter }) serviceName: ServiceName,
    @Query({ schema: pageQuery }) query: PageRequest,
  ): Promise<Remediations> {
    const page = await this.remediations.list({ projectName, stageName, serviceName }, query);
    return { remediations: [...page.items], ...pageAnswer(page, query) };
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Open a remediation',
    description: 'A remediation whose eventId is open already is stored once.',
  })
  @ApiResponse({ status: 200, description: 'The remediation is open' })
  @ApiErrors({ 400: 'A name or a field is not valid', 404: MISSING })
  async open(
    @Param('project', { schema: projectParameter }) projectName: ProjectName,
    @Param('stage', { schema: stageParameter }) stageName: StageName,
    @Param('service', { schema: serviceParameter }) serviceName: ServiceName,
    @Body({ schema: remediation }) request: Remediation,
  ): Promise<void> {
    await this.remediations.open({ projectName, stageName, serviceName }, request);
  }

  @Get(':keptnContext')
  @ApiOperation({ summary: 'List the open remediations of a Keptn context' })
  @ApiResponse({ status: 200, description: 'One page, possibly empty', standardSchema: remediations })
  @ApiErrors({ 400: 'A name, pageSize or nextPageKey is not valid', 404: MISSING })
  async listOfContext(
    @Param('project', { schema: projectParameter }) projectName: ProjectName,
    @Param('stage', { schema: stageParameter }) stageName: StageName,
    @Param('service', { schema: serviceParameter }) serviceName: ServiceName,
    @Param('keptnContext', { schema: remediationParameter }) keptnContext: string,
    @Query({ schema: pageQuery }) query: PageRequest,
  ): Promise<Remediations> {
    const page = await this.remediations.listOfContext({ projectName, stageName, serviceName }, keptnContext, query);
    return { remediations: [...page.items], ...pageAnswer(page, query) };
  }

  @Delete(':keptnContext')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close all remediations of a Keptn context' })
  @ApiResponse({ status: 200, description: 'The remediations are closed' })
  @ApiErrors({ 400: 'A name is not valid', 404: `${MISSING}, or no remediation of the context is open` })
  async close(
    @Param('project', { schema: projectParameter }) projectName: ProjectName,
    @Param('stage', { schema: stageParameter }) stageName: StageName,
    @Param('service', { schema: serviceParameter }) serviceName: ServiceName,
    @Param('keptnContext', { schema: remediationParameter }) keptnContext: string,
  ): Promise<void> {
    await this.remediations.close({ projectName, stageName, serviceName }, keptnContext);
  }
}
