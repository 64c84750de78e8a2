import { ApiErrors, ApiInternalOperation } from '@keptn/service-kit';
import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { rebuildReport, type RebuildReport } from './view-rebuild.dto';
import { ViewRebuildService } from './view-rebuild.service';

@ApiTags('View')
@Controller('v1/view/rebuild')
export class ViewRebuildController {
  constructor(private readonly rebuilds: ViewRebuildService) {}

  @Post()
  @HttpCode(200)
  @ApiInternalOperation({
    summary: 'Rebuild the view from Git and the event log',
    description:
      'Compares projects, stages, services and shipyards with Git, and brings the last events, deployed images, open ' +
      'approvals and open remediations to what the event log says. Events that come in meanwhile are kept. It can be ' +
      'repeated at any time.',
  })
  @ApiResponse({ status: 200, description: 'The view is rebuilt', standardSchema: rebuildReport })
  @ApiErrors({ 503: 'The event log, the database or a repository cannot be read; nothing is lost, repeat it' })
  async rebuild(): Promise<RebuildReport> {
    return await this.rebuilds.rebuild();
  }
}
