import { setTimeout as delay } from 'node:timers/promises';
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

/** One deletion of a project: its generation tells it from those of projects that had the name before or get it later. */
export type DeletedProject = Pick<ProjectRecord, '_id' | 'generation'>;

/** How long what was read about a project may be relied upon, in milliseconds. */
const RELIANCE_MS = 250;

/** Most projects that are remembered; their names come from events, and anybody may make up many. */
const REMEMBERED_PROJECTS = 1_000;

interface Reading {
  /** Undefined when there was none. */
  readonly record: ProjectRecord | undefined;
  /** When it was asked for, by `performance.now()`. */
  readonly at: number;
}

/** Which projects were created and deleted. */
@Injectable()
export class ProjectRegistry {
  /** Readings of projects that are not deleted. */
  private readonly readings = new Map<string, Reading>();

  constructor(@InjectModel(ProjectRecord.name) private readonly projects: Model<ProjectRecord>) {}

  /** States that held at a moment within the last {@link RELIANCE_MS}; that a project is deleted is never old. */
  async statesOf(names: readonly (string | undefined)[]): Promise<ProjectStates> {
    const at = performance.now();
    const states: ProjectRecord[] = [];
    const unknown: string[] = [];
    for (const name of new Set(names)) {
      if (name === undefined) continue;
      const reading = this.readings.get(name);
      if (reading === undefined || at - reading.at > RELIANCE_MS) unknown.push(name);
      else if (reading.record !== undefined) states.push(reading.record);
    }
    if (unknown.length > 0) states.push(...(await this.read(unknown, at)));
    return new ProjectStates(states);
  }

  /** Resolves when no replica relies any more on what it read before. */
  async untilNoneRelies(): Promise<void> {
    await delay(2 * RELIANCE_MS);
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
  async beginDeletion(name: string, deletedBy: string): Promise<DeletedProject> {
    this.readings.delete(name);
    return this.projects
      .findOneAndUpdate(
        { _id: { $eq: name } },
        { $set: { state: 'deleted', isPurging: true, deletedBy }, $inc: { generation: 1 } },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<DeletedProject>()
      .exec();
  }

  /** False once the project has been created anew. */
  async isDeleted(name: string): Promise<boolean> {
    return (await this.projects.exists({ _id: { $eq: name }, state: 'deleted' })) !== null;
  }

  /** Does nothing when the project has been deleted once more meanwhile: that deletion has an end of its own. */
  async endDeletion({ _id, generation }: DeletedProject): Promise<void> {
    await this.projects.updateOne({ _id: { $eq: _id }, generation }, { $set: { isPurging: false } });
  }

  halfDeleted(): Promise<DeletedProject[]> {
    return this.projects.find({ isPurging: true }).lean<DeletedProject[]>().exec();
  }

  /** Reads the records, and remembers which projects are not deleted. */
  private async read(names: readonly string[], at: number): Promise<readonly ProjectRecord[]> {
    const records = await this.projects.find({ _id: { $in: names } }).lean<ProjectRecord[]>();
    const byName = new Map(records.map((record) => [record._id, record]));
    if (this.readings.size + names.length > REMEMBERED_PROJECTS) this.readings.clear();
    for (const name of names) {
      const record = byName.get(name);
      if (record?.state === 'deleted') this.readings.delete(name);
      else this.readings.set(name, { record, at });
    }
    return records;
  }
}
