import { type ProjectName, type ResourceUri } from '@keptn/event-models';
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { projectParameter } from '../domain/parameters.dto';
import { type PageRequest } from '../domain/page';
import { pageQuery } from '../domain/page.dto';
import { answerList, answerResource } from './resource-answers';
import { ofProject } from './resource-scope';
import {
  ApiDeleteResource,
  ApiListResources,
  ApiReadResource,
  ApiWriteResource,
  ApiWriteResources,
} from './resource.decorators';
import { type ConditionalHeaders, preconditionOf } from './precondition';
import {
  type Resource,
  type ResourceList,
  type ResourceQuery,
  resourceQuery,
  type Version,
  writeResource,
  type WriteResource,
  writeResources,
  type WriteResources,
} from './resource.dto';
import { ResourcePath } from './resource-path.decorator';
import { ADDED, ResourceService, UPDATED } from './resource.service';

const DESCRIBED = { of: 'a project', missing: 'Project not found' };

@ApiTags('Resources of projects')
@Controller('v1/project/:project/resource')
export class ProjectResourceController {
  constructor(private readonly resources: ResourceService) {}

  @Get()
  @ApiListResources(DESCRIBED)
  async list(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Query({ schema: pageQuery }) query: PageRequest,
    @Headers() headers: ConditionalHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ResourceList | undefined> {
    return answerList(reply, headers, await this.resources.list(ofProject(project), query), query);
  }

  @Post()
  @ApiWriteResources('Add', DESCRIBED)
  async add(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Body({ schema: writeResources }) { resources }: WriteResources,
    @Headers() headers: ConditionalHeaders,
  ): Promise<Version> {
    const scope = ofProject(project);
    return { version: await this.resources.writeList(scope, resources, ADDED, preconditionOf(headers)) };
  }

  @Put()
  @HttpCode(201)
  @ApiWriteResources('Update', DESCRIBED)
  async update(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @Body({ schema: writeResources }) { resources }: WriteResources,
    @Headers() headers: ConditionalHeaders,
  ): Promise<Version> {
    const scope = ofProject(project);
    return { version: await this.resources.writeList(scope, resources, UPDATED, preconditionOf(headers)) };
  }

  @Get('*')
  @ApiReadResource(DESCRIBED)
  async read(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @ResourcePath() uri: ResourceUri,
    @Query({ schema: resourceQuery }) { gitCommitID }: ResourceQuery,
    @Headers() headers: ConditionalHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Resource | undefined> {
    return await answerResource(reply, headers, await this.resources.read(ofProject(project), uri, gitCommitID));
  }

  @Put('*')
  @HttpCode(201)
  @ApiWriteResource(DESCRIBED)
  async write(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @ResourcePath() uri: ResourceUri,
    @Body({ schema: writeResource }) { resourceContent: content }: WriteResource,
    @Headers() headers: ConditionalHeaders,
  ): Promise<Version> {
    const scope = ofProject(project);
    return { version: await this.resources.writeOne(scope, { uri, content }, preconditionOf(headers)) };
  }

  @Delete('*')
  @HttpCode(204)
  @ApiDeleteResource(DESCRIBED)
  async delete(
    @Param('project', { schema: projectParameter }) project: ProjectName,
    @ResourcePath() uri: ResourceUri,
    @Headers() headers: ConditionalHeaders,
  ): Promise<void> {
    await this.resources.delete(ofProject(project), uri, preconditionOf(headers));
  }
}
