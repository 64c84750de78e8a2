import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model } from 'mongoose';
import { ProjectRecord } from './project.schema';

/** The state of some projects at one moment; compare two to see whether one was deleted in between. */
export class ProjectStates {
  private readonly byName: ReadonlyMap<string, ProjectRecord>;

  constructor(records: readonly ProjectRecord[]) {
    this.byName = new Map(records.map((record) => [record._id, record]));
  }

  isDeleted(project: string | undefined): boolean {
    return project !== undefined && this.byName.get(project)?.state === 'deleted';
  }

  /** Whether the project is the same as it was: neither deleted nor deleted and created anew. */
  isUnchangedSince(earlier: ProjectStates, project: string | undefined): boolean {
    if (project === undefined) return true;
    return !this.isDeleted(project) && this.generationOf(project) === earlier.generationOf(project);
  }

  private generationOf(project: string): number {
    return this.byName.get(project)?.generation ?? 0;
  }
}

/** Which projects were created and deleted. */
@Injectable()
export class ProjectRegistry {
  constructor(@InjectModel(ProjectRecord.name) private readonly projects: Model<ProjectRecord>) {}

  async statesOf(names: readonly (string | undefined)[]): Promise<ProjectStates> {
    const given = [...new Set(names.filter((name) => name !== undefined))];
    if (given.length === 0) return new ProjectStates([]);
    return new ProjectStates(await this.projects.find({ _id: { $in: given } }).lean<ProjectRecord[]>());
  }

  find(name: string): Promise<ProjectRecord | null> {
    return this.projects
      .findOne({ _id: { $eq: name } })
      .lean<ProjectRecord | null>()
      .exec();
  }

  async activate(name: string): Promise<void> {
    await this.projects.updateOne(
      { _id: { $eq: name } },
      { $set: { state: 'active' }, $setOnInsert: { generation: 0, isPurging: false } },
      { upsert: true },
    );
  }

  /** From now on events of the project are refused. */
  async beginDeletion(name: string, deletedBy: string): Promise<void> {
    await this.projects.updateOne(
      { _id: { $eq: name } },
      { $set: { state: 'deleted', isPurging: true, deletedBy }, $inc: { generation: 1 } },
      { upsert: true },
    );
  }

  async endDeletion(name: string): Promise<void> {
    await this.projects.updateOne({ _id: { $eq: name } }, { $set: { isPurging: false } });
  }

  async halfDeleted(): Promise<string[]> {
    const found = await this.projects.find({ isPurging: true }, { _id: 1 }).lean<Pick<ProjectRecord, '_id'>[]>();
    return found.map(({ _id }) => _id);
  }
}
