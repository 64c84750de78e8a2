import {
  configurationApi,
  type PageRequest,
  type ParametersOf,
  type QueryOf,
  type ResourceTree,
} from '@keptn/api-models';
import { type ProjectName, type StageName } from '@keptn/event-models';
import { Route } from '@keptn/service-kit';
import { Controller, Param, Query } from '@nestjs/common';
import { ProjectStructureReader } from '../git/project-structure';
import { ResourceReader } from './resource-reader';
import { branchScope } from './resource-scope';
import { ResourceVersions } from './resource-versions';

const { readResourceTree } = configurationApi;

const ALL: PageRequest = { offset: 0, limit: Infinity };

@Controller()
export class ResourceTreeController {
  constructor(
    private readonly structures: ProjectStructureReader,
    private readonly reader: ResourceReader,
    private readonly versions: ResourceVersions,
  ) {}

  @Route(readResourceTree)
  async read(
    @Param({ schema: readResourceTree.parameters }) { project }: ParametersOf<typeof readResourceTree>,
    @Query({ schema: readResourceTree.query })
    { resourceURI, stage, service, versions }: QueryOf<typeof readResourceTree>,
  ): Promise<ResourceTree> {
    const scope = branchScope({ project, ...(stage && { stage }), ...(service && { service }) });
    const contents = resourceURI && (await this.versions.read(scope, resourceURI, versions));
    return { ...(await this.tree(project)), ...(contents && { contents }) };
  }

  private async tree(project: ProjectName): Promise<ResourceTree> {
    const { stages } = await this.structures.read(project);
    const listed = stages.map(async ({ stage, services }) => ({
      stageName: stage,
      services: services.map(({ service }) => service),
      ...(await this.branch(project, stage)),
    }));
    return { project: await this.branch(project), stages: await Promise.all(listed) };
  }

  private async branch(project: ProjectName, stage?: StageName): Promise<ResourceTree['project']> {
    const scope = branchScope({ project, ...(stage !== undefined && { stage }) });
    const { items, version } = await this.reader.list(scope, ALL);
    return { version, resources: [...items] };
  }
}
