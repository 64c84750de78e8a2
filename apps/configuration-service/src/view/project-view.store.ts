import { type PageRequest } from '@keptn/api-models';
import { type ProjectName, type StageName } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Page } from '../domain/page';
import { PROJECT_MODEL, type ProjectDocument, type ProjectModel } from './view.schema';

/** The projects of the view. */
@Injectable()
export class ProjectViewStore {
  constructor(@InjectModel(PROJECT_MODEL) private readonly projects: ProjectModel) {}

  async find(project: ProjectName): Promise<ProjectDocument | undefined> {
    return (await this.projects.findOne({ projectName: project }).lean<ProjectDocument>()) ?? undefined;
  }

  /** In the order of their creation. */
  async page({ offset, limit }: PageRequest): Promise<Page<ProjectDocument>> {
    const inOrder = this.projects.find().sort({ creationDate: 1, projectName: 1 });
    const [items, total] = await Promise.all([
      inOrder.skip(offset).limit(limit).lean<ProjectDocument[]>(),
      this.projects.countDocuments(),
    ]);
    return { items, total };
  }

  async names(): Promise<ProjectName[]> {
    const projects = await this.projects.find({}, { projectName: 1 }).lean<Pick<ProjectDocument, 'projectName'>[]>();
    return projects.map(({ projectName }) => projectName);
  }

  async insert(project: ProjectDocument): Promise<void> {
    await this.projects.insertOne(project);
  }

  async setStages(project: ProjectName, stages: readonly StageName[]): Promise<void> {
    await this.projects.updateOne({ projectName: project }, { $set: { stages } });
  }

  async addStage(project: ProjectName, stage: StageName): Promise<void> {
    await this.projects.updateOne({ projectName: project }, { $addToSet: { stages: stage } });
  }

  async removeStage(project: ProjectName, stage: StageName): Promise<void> {
    await this.projects.updateOne({ projectName: project }, { $pull: { stages: stage } });
  }

  /** @param shipyard base64 of its YAML; undefined when the project has none any more */
  async setShipyard(project: ProjectName, shipyard: string | undefined): Promise<void> {
    const change = shipyard === undefined ? { $unset: { shipyard: 1 } } : { $set: { shipyard } };
    await this.projects.updateOne({ projectName: project }, change);
  }

  async delete(project: ProjectName): Promise<void> {
    await this.projects.deleteOne({ projectName: project });
  }
}
