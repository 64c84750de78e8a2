import { type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { ApiErrors } from '@keptn/service-kit';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { projectParameter, serviceParameter, stageParameter } from '../domain/parameters.dto';
import { type Approval, approval } from '../domain/read-models.dto';
import { type PageRequest } from '../domain/page';
import { pageAnswer, pageQuery } from '../domain/page.dto';
import { ViewCurrentGuard } from '../view/view-current.guard';
import { approvalParameter, approvals, type Approvals } from './approval.dto';
import { ApprovalService } from './approval.service';

const MISSING = 'Project not found, Stage not found, or Service not found';

@ApiTags('Approvals')
@UseGuards(ViewCurrentGuard)
@Controller('v1/project/:project/stage/:stage/service/:service/approval')
export class ApprovalController {
  constructor(private readonly approvals: ApprovalService) {}

  @Get()
  @ApiOperation({ summary: 'List the open approvals of a service' })
  @ApiResponse({ status: 200, description: 'One page, oldest first', standardSchema: approvals })
  @ApiErrors({ 400: 'A name, pageSize or nextPageKey is not valid', 404: MISSING })
  async list(
    @Param('project', { schema: projectParameter }) projectName: ProjectName,
    @Param('stage', { schema: stageParameter }) stageName: StageName,
    @Param('service', { schema: serviceParameter }) serviceName: ServiceName,
    @Query({ schema: pageQuery }) query: PageRequest,
  ): Promise<Approvals> {
    const page = await this.approvals.list({ projectName, stageName, serviceName }, query);
    return { approvals: [...page.items], ...pageAnswer(page, query) };
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Open an approval',
    description: 'An approval whose eventId is open already is stored once.',
  })
  @ApiResponse({ status: 200, description: 'The approval is open' })
  @ApiErrors({ 400: 'A name or a field is not valid', 404: MISSING })
  async open(
    @Param('project', { schema: projectParameter }) projectName: ProjectName,
    @Param('stage', { schema: stageParameter }) stageName: StageName,
    @Param('service', { schema: serviceParameter }) serviceName: ServiceName,
    @Body({ schema: approval }) request: Approval,
  ): Promise<void> {
    await this.approvals.open({ projectName, stageName, serviceName }, request);
  }

  @Get(':eventId')
  @ApiOperation({ summary: 'Get an open approval' })
  @ApiResponse({ status: 200, description: 'The approval', standardSchema: approval })
  @ApiErrors({ 400: 'A name is not valid', 404: `${MISSING}, or Approval not found` })
  get(
    @Param('project', { schema: projectParameter }) projectName: ProjectName,
    @Param('stage', { schema: stageParameter }) stageName: StageName,
    @Param('service', { schema: serviceParameter }) serviceName: ServiceName,
    @Param('eventId', { schema: approvalParameter }) eventId: string,
  ): Promise<Approval> {
    return this.approvals.get({ projectName, stageName, serviceName }, eventId);
  }

  @Delete(':eventId')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close an approval' })
  @ApiResponse({ status: 200, description: 'The approval is closed' })
  @ApiErrors({ 400: 'A name is not valid', 404: `${MISSING}, or the approval is not open` })
  async close(
    @Param('project', { schema: projectParameter }) projectName: ProjectName,
    @Param('stage', { schema: stageParameter }) stageName: StageName,
    @Param('service', { schema: serviceParameter }) serviceName: ServiceName,
    @Param('eventId', { schema: approvalParameter }) eventId: string,
  ): Promise<void> {
    await this.approvals.close({ projectName, stageName, serviceName }, eventId);
  }
}
