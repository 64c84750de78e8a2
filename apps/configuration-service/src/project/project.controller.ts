import {
  type AnswerOf,
  type BodyOf,
  type Caller,
  configurationApi,
  type ExpandedProject,
  type PageRequest,
  type ParametersOf,
  type QueryOf,
} from '@keptn/api-models';
import { CurrentCaller, requireScope, Route } from '@keptn/service-kit';
import { Body, Controller, Param, Query, UseGuards } from '@nestjs/common';
import { pageAnswer } from '../domain/page';
import { AnswersJson, jsonArray, jsonFields, jsonObject, type JsonText } from '../view/json-text';
import { ViewCurrentGuard } from '../view/view-current.guard';
import { ProjectService } from './project.service';

const { createProject, deleteProject, getProject, listProjects, updateProject } = configurationApi;

@UseGuards(ViewCurrentGuard)
@Controller()
export class ProjectController {
  constructor(private readonly projects: ProjectService) {}

  @Route(listProjects)
  @AnswersJson()
  async list(
    @Query({ schema: listProjects.query }) query: PageRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<JsonText<AnswerOf<typeof listProjects>>> {
    const page = await this.projects.list(query, caller.projectsWith('project:read'));
    return jsonObject<AnswerOf<typeof listProjects>>({
      projects: jsonArray(page.items),
      ...jsonFields(pageAnswer(page, query)),
    });
  }

  @Route(getProject)
  @AnswersJson()
  get(
    @Param({ schema: getProject.parameters }) { project }: ParametersOf<typeof getProject>,
  ): Promise<JsonText<ExpandedProject>> {
    return this.projects.get(project);
  }

  @Route(createProject)
  async create(
    @Body({ schema: createProject.body }) request: BodyOf<typeof createProject>,
    @Query({ schema: createProject.query }) { dryRun }: QueryOf<typeof createProject>,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    requireScope(caller, 'project:write', request.projectName);
    await (dryRun === 'true' ? this.projects.check(request) : this.projects.create(request));
  }

  @Route(updateProject)
  async update(
    @Param({ schema: updateProject.parameters }) { project }: ParametersOf<typeof updateProject>,
    @Body({ schema: updateProject.body }) request: BodyOf<typeof updateProject>,
  ): Promise<void> {
    await this.projects.update(project, request);
  }

  @Route(deleteProject)
  async delete(
    @Param({ schema: deleteProject.parameters }) { project }: ParametersOf<typeof deleteProject>,
  ): Promise<void> {
    await this.projects.delete(project);
  }
}
