import { type ProjectName, type ResourceUri, type ServiceName } from '@keptn/event-models';
import { BadRequest } from '@keptn/service-kit';
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { projectParameter, serviceParameter } from '../domain/parameters.dto';
import { type PageRequest } from '../domain/page';
import { pageQuery } from '../domain/page.dto';
import { DefaultResources } from './default-resources';
import { type ConditionalHeaders, preconditionOf } from './precondition';
import { answerList, answerResource } from './resource-answers';
import { deletionOf, writeOfList, writeOfOne } from './resource-write';
import {
  ApiDeleteResource,
  ApiListResources,
  ApiReadResource,
  ApiWriteResource,
  ApiWriteResources,
} from './resource.decorators';
import {
  defaultVersions,
  type DefaultVersions,
  type Resource,
  type ResourceContent,
  type ResourceList,
  writeResource,
  type WriteResource,
  writeResources,
  type WriteResources,
} from './resource.dto';
import { ResourcePath } from './resource-path.decorator';
import { ADDED, UPDATED } from './resource.service';

const DESCRIBED = {
  of: 'a service in all stages',
  missing: 'Project not found, or Service not found in a stage',
};
const READ = {
  ...DESCRIBED,
  description:
    'Default resources are those that the service has with the same content in every stage. `metadata` names the first ' +
    'stage by name.',
};
const WRITTEN = {
  ...DESCRIBED,
  description: 'The branches of all stages get one commit each, all of them or none.',
  written: defaultVersions,
};

@ApiTags('Default resources of services')
@Controller('v1/project/:project/service/:service/resource')
export class DefaultResourceController {
  constructor(private readonly resources: DefaultResources) {}

  @Get()
  @ApiListResources(READ)
  async list(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Param('service', { schema: serviceParameter }) service: ServiceName,
    @Query({ schema: pageQuery }) query: PageRequest,
    @Headers() headers: ConditionalHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ResourceList | undefined> {
    return answerList(reply, headers, await this.resources.list(project, service, query), query);
  }

  @Post()
  @ApiWriteResources('Add', WRITTEN)
  add(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Param('service', { schema: serviceParameter }) service: ServiceName,
    @Body({ schema: writeResources }) { resources }: WriteResources,
    @Headers() headers: ConditionalHeaders,
  ): Promise<DefaultVersions> {
    return this.writeList(project, service, resources, ADDED, headers);
  }

  @Put()
  @HttpCode(201)
  @ApiWriteResources('Update', WRITTEN)
  update(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Param('service', { schema: serviceParameter }) service: ServiceName,
    @Body({ schema: writeResources }) { resources }: WriteResources,
    @Headers() headers: ConditionalHeaders,
  ): Promise<DefaultVersions> {
    return this.writeList(project, service, resources, UPDATED, headers);
  }

  @Get('*')
  @ApiReadResource(READ)
  async read(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Param('service', { schema: serviceParameter }) service: ServiceName,
    @ResourcePath() uri: ResourceUri,
    @Headers() headers: ConditionalHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Resource | undefined> {
    return await answerResource(reply, headers, { uri, ...(await this.resources.read(project, service, uri)) });
  }

  @Put('*')
  @HttpCode(201)
  @ApiWriteResource(WRITTEN)
  async write(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Param('service', { schema: serviceParameter }) service: ServiceName,
    @ResourcePath() uri: ResourceUri,
    @Body({ schema: writeResource }) { resourceContent: content }: WriteResource,
    @Headers() headers: ConditionalHeaders,
  ): Promise<DefaultVersions> {
    const write = await writeOfOne(service, { uri, content }, preconditionOf(headers));
    return toVersions(await this.resources.write(project, service, write));
  }

  @Delete('*')
  @HttpCode(204)
  @ApiDeleteResource(WRITTEN)
  async delete(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Param('service', { schema: serviceParameter }) service: ServiceName,
    @ResourcePath() uri: ResourceUri,
    @Headers() headers: ConditionalHeaders,
  ): Promise<void> {
    await this.resources.write(project, service, deletionOf('Service', service, uri, preconditionOf(headers)));
  }

  private async writeList(
    project: ProjectName,
    service: ServiceName,
    resources: readonly ResourceContent[],
    message: string,
    headers: ConditionalHeaders,
  ): Promise<DefaultVersions> {
    if (headers['if-match'] !== undefined) {
      throw new BadRequest('If-Match in header cannot be used here: the stages are at different commits');
    }
    return toVersions(await this.resources.write(project, service, await writeOfList(service, resources, message, {})));
  }
}

const toVersions = (written: readonly { readonly branch: string; readonly version: string }[]): DefaultVersions => ({
  version: written[0]?.version ?? '',
  stages: written.map(({ branch, version }) => ({ stageName: branch, version })),
});
