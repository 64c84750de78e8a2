import { type ProjectName, type StageName } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type UpdateQuery } from 'mongoose';
import { PROJECT_LIST, ViewChanges } from './view-changes';
import { PROJECT_MODEL, type ProjectDocument, type ProjectModel } from './view.schema';

/** The projects of the view. */
@Injectable()
export class ProjectViewStore {
  constructor(
    @InjectModel(PROJECT_MODEL) private readonly projects: ProjectModel,
    private readonly changes: ViewChanges,
  ) {}

  async find(project: ProjectName): Promise<ProjectDocument | undefined> {
    return (await this.projects.findOne({ projectName: project }).lean<ProjectDocument>()) ?? undefined;
  }

  /** Those of the projects that are there, in no order. */
  async findAll(projects: readonly ProjectName[]): Promise<ProjectDocument[]> {
    return await this.projects.find({ projectName: { $in: projects } }).lean<ProjectDocument[]>();
  }

  /** All of them, in the order of their creation. */
  async namesInOrder(): Promise<ProjectName[]> {
    const projects = await this.projects
      .find({}, { projectName: 1 })
      .sort({ creationDate: 1, projectName: 1 })
      .lean<Pick<ProjectDocument, 'projectName'>[]>();
    return projects.map(({ projectName }) => projectName);
  }

  async insert(project: ProjectDocument): Promise<void> {
    await this.changes.during([project.projectName, PROJECT_LIST], () => this.projects.insertOne(project));
  }

  async setStages(project: ProjectName, stages: readonly StageName[]): Promise<void> {
    await this.update(project, { $set: { stages } });
  }

  async addStage(project: ProjectName, stage: StageName): Promise<void> {
    await this.update(project, { $addToSet: { stages: stage } });
  }

  async removeStage(project: ProjectName, stage: StageName): Promise<void> {
    await this.update(project, { $pull: { stages: stage } });
  }

  /** @param shipyard base64 of its YAML; undefined when the project has none any more */
  async setShipyard(project: ProjectName, shipyard: string | undefined): Promise<void> {
    await this.update(project, shipyard === undefined ? { $unset: { shipyard: 1 } } : { $set: { shipyard } });
  }

  async delete(project: ProjectName): Promise<void> {
    await this.changes.during([project, PROJECT_LIST], () => this.projects.deleteOne({ projectName: project }));
  }

  private async update(project: ProjectName, change: UpdateQuery<ProjectDocument>): Promise<void> {
    await this.changes.during([project], () => this.projects.updateOne({ projectName: project }, change));
  }
}
