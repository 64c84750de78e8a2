import { configurationApi, type RebuildReport } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Controller } from '@nestjs/common';
import { ViewRebuildService } from './view-rebuild.service';

const { rebuildView } = configurationApi;

@Controller()
export class ViewRebuildController {
  constructor(private readonly rebuilds: ViewRebuildService) {}

  @Route(rebuildView)
  async rebuild(): Promise<RebuildReport> {
    return await this.rebuilds.rebuild();
  }
}
