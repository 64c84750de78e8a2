import { type Projects } from '@keptn/api-models';
import { type NumberedEvent } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model } from 'mongoose';
import { type Run } from '../decision/run/run';
import { RunRecord } from './run.schema';
import { imageNamesOf, labelKeyOf } from './search-terms';
import { writeIfNewer } from './write-if-newer';

export interface RunSearch {
  readonly project?: string | undefined;
  readonly stage?: string | undefined;
  readonly service?: string | undefined;
  readonly kind?: string | undefined;
  readonly isOpen?: boolean | undefined;
  readonly awaitsApproval?: true | undefined;
  /** Only those with a problem in one of these states. */
  readonly problemStates?: readonly ('closed' | 'open')[] | undefined;
  readonly keptnContext?: string | undefined;
  /** The whole reference, or one of its names. */
  readonly image?: string | undefined;
  /** As `key=value`, or the key alone. */
  readonly label?: string | undefined;
  /** Only those of these projects. */
  readonly visible?: Projects | undefined;
  /** Only runs that began before this one. */
  readonly before?: string | undefined;
  /** Only runs that began then or later, RFC 3339. */
  readonly fromTime?: string | undefined;
  /** Only runs that began earlier, RFC 3339. */
  readonly beforeTime?: string | undefined;
}

/** Runs, as they are listed. */
@Injectable()
export class RunStore {
  constructor(@InjectModel(RunRecord.name) private readonly runs: Model<RunRecord>) {}

  /** @param rebuiltSince when the rebuild began that saves the run; undefined outside of one */
  async save({ keptnContext, ...run }: Run, events: readonly NumberedEvent[], rebuiltSince?: Date): Promise<void> {
    const lastSequence = events.at(-1)?.sequence ?? 0;
    const states = run.steps.flatMap(({ problem }) => problem?.state ?? []);
    const fields = {
      ...run,
      position: `${run.startedAt} ${keptnContext}`,
      lastSequence,
      eventCount: events.length,
      savedAt: new Date(),
      imageNames: [...new Set(run.images.flatMap(imageNamesOf))],
      labelKeys: [...new Set(run.labels.map(labelKeyOf))],
      awaitsApproval: run.openApprovals.length > 0,
      ...(states.length > 0 && { problemState: states.includes('open') ? 'open' : 'closed' }),
    };
    const older = { $or: [{ lastSequence: { $lte: lastSequence } }, { lastSequence: { $exists: false } }] };
    await writeIfNewer({ older, rebuiltSince }, (replaced) =>
      this.runs.replaceOne({ _id: keptnContext, ...replaced }, fields, { upsert: true }).exec(),
    );
  }

  /** The newest runs first. */
  search(search: RunSearch, limit: number): Promise<RunRecord[]> {
    return this.runs.find(filterOf(search)).sort({ position: -1 }).limit(limit).lean<RunRecord[]>().exec();
  }

  /** Those of some projects that are under way. */
  openOf(projects: readonly string[]): Promise<Pick<RunRecord, 'openApprovals' | 'project'>[]> {
    return this.runs
      .find({ project: { $in: projects }, isOpen: true }, { project: 1, openApprovals: 1 })
      .lean<RunRecord[]>()
      .exec();
  }

  /** What was made from a context that cannot be looked at stays. */
  async keep(keptnContext: string): Promise<void> {
    await this.runs.updateOne({ _id: { $eq: keptnContext } }, { $set: { savedAt: new Date() } });
  }

  async removeSavedBefore(time: Date): Promise<void> {
    await this.runs.deleteMany({ savedAt: { $lt: time } });
  }

  /** @param startedBefore RFC 3339 */
  async removeOfProject(project: string, startedBefore: string): Promise<void> {
    await this.runs.deleteMany({ project: { $eq: project }, position: { $lt: startedBefore } });
  }
}

function filterOf(search: RunSearch): Record<string, unknown> {
  const { stage, service, keptnContext, image, label, problemStates, visible = 'all', ...rest } = search;
  const { before, fromTime, beforeTime, ...exact } = rest;
  const labelField = label?.includes('=') === true ? 'labels' : 'labelKeys';
  const fields = { ...exact, _id: keptnContext, [labelField]: label };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const positions = positionFilter(before, fromTime, beforeTime);
  return {
    ...Object.fromEntries(given.map(([name, value]) => [name, { $eq: value }])),
    ...(image !== undefined && imageFilter(image)),
    ...((stage ?? service) !== undefined && { steps: { $elemMatch: stepFilter(stage, service) } }),
    ...(problemStates !== undefined && { problemState: { $in: problemStates } }),
    ...(visible !== 'all' && {
      project: { ...(search.project !== undefined && { $eq: search.project }), $in: visible },
    }),
    ...(positions !== undefined && { position: positions }),
  };
}

/** Each is found by an index of its own; records of older releases have whole references only. */
const imageFilter = (image: string) => ({ $or: [{ images: { $eq: image } }, { imageNames: { $eq: image } }] });

/** A position begins with the time of the first event, so that those of a time are neighbours. */
function positionFilter(before?: string, fromTime?: string, beforeTime?: string) {
  const ends = [before, beforeTime && asInLog(beforeTime)].filter((end) => end !== undefined);
  const [end] = ends.toSorted();
  if (end === undefined && fromTime === undefined) return undefined;
  return { ...(end !== undefined && { $lt: end }), ...(fromTime !== undefined && { $gte: asInLog(fromTime) }) };
}

/** In UTC with milliseconds, in which form times are compared as texts. */
const asInLog = (time: string): string => new Date(time).toISOString();

function stepFilter(stage: string | undefined, service: string | undefined) {
  return {
    ...(stage !== undefined && { stage: { $eq: stage } }),
    ...(service !== undefined && { service: { $eq: service } }),
  };
}
