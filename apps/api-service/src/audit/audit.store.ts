import { type AuditEntry, type AuditOutcome, type AuditResult, type Projects } from '@keptn/api-models';
import { driverCollection, isDuplicateKey } from '@keptn/mongodb-connection';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model, type mongo } from 'mongoose';
import { AuditRecord } from './audit.schema';

export interface AuditSearch {
  readonly actor?: string | undefined;
  readonly project?: string | undefined;
  readonly action?: string | undefined;
  readonly outcome?: AuditOutcome | undefined;
  readonly requestId?: string | undefined;
  readonly fromTime?: string | undefined;
  readonly beforeTime?: string | undefined;
  /** Only entries before this position. */
  readonly before?: string | undefined;
  /** Only those about these projects. */
  readonly visible: Projects;
}

/** An entry, and its position in the list. */
export interface LocatedEntry {
  readonly position: string;
  readonly entry: AuditEntry;
}

/** The audit log. */
@Injectable()
export class AuditStore {
  /** Past mongoose: every request that changes something waits for both writes. */
  private readonly rawRecords: mongo.Collection<AuditRecord>;

  constructor(@InjectModel(AuditRecord.name) private readonly records: Model<AuditRecord>) {
    this.rawRecords = driverCollection(records);
  }

  /** Entries that are there already, since their sender did not hear so, stay as they are. */
  async append(entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length === 0) return;
    try {
      await this.rawRecords.insertMany(entries.map(recordOf), { ordered: false, ignoreUndefined: true });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  /** Each entry takes one result. */
  async complete(results: readonly AuditResult[]): Promise<void> {
    if (results.length === 0) return;
    await this.rawRecords.bulkWrite(
      results.map(({ id, ...result }) => ({
        updateOne: { filter: { _id: id, outcome: 'begun' }, update: { $set: result } },
      })),
      { ordered: false, ignoreUndefined: true },
    );
  }

  /** Newest first. */
  async search(search: AuditSearch, limit: number): Promise<LocatedEntry[]> {
    const found = await this.records
      .find(queryOf(search))
      .sort({ position: -1 })
      .limit(limit)
      .lean<AuditRecord[]>()
      .exec();
    return found.map((record) => ({ position: record.position, entry: entryOf(record) }));
  }

  async removeBefore(time: Date): Promise<number> {
    return (await this.records.deleteMany({ time: { $lt: time } })).deletedCount;
  }
}

function queryOf(search: AuditSearch): Record<string, unknown> {
  const { action, actor, before, beforeTime, fromTime, outcome, project, requestId, visible } = search;
  const exact = Object.entries({ 'actor.name': actor, action, outcome, requestId, project });
  const given = exact.filter(([, value]) => value !== undefined);
  const position = {
    ...(fromTime !== undefined && { $gte: new Date(fromTime).toISOString() }),
    ...((before ?? beforeTime) !== undefined && { $lt: earliest(before, beforeTime) }),
  };
  return {
    ...Object.fromEntries(given.map(([name, value]) => [name, { $eq: value }])),
    ...(visible !== 'all' && { project: { ...(project !== undefined && { $eq: project }), $in: visible } }),
    ...(Object.keys(position).length > 0 && { position }),
  };
}

/** Positions begin with a time, so that both are compared as texts. */
function earliest(position: string | undefined, time: string | undefined): string | undefined {
  const limit = time === undefined ? undefined : new Date(time).toISOString();
  if (position === undefined || limit === undefined) return position ?? limit;
  return position < limit ? position : limit;
}

const recordOf = ({ id, target, time, ...entry }: AuditEntry): AuditRecord => ({
  ...entry,
  _id: id,
  position: `${time}_${id}`,
  time: new Date(time),
  target: JSON.stringify(target),
});

const entryOf = ({ _id, position: _position, target, time, ...record }: AuditRecord): AuditEntry => ({
  id: _id,
  ...record,
  time: time.toISOString(),
  target: JSON.parse(target) as AuditEntry['target'],
});
