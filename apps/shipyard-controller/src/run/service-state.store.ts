import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model } from 'mongoose';
import { type Run } from '../decision/run/run';
import { type Step } from '../decision/run/run-step';
import { ServiceStateRecord } from './service-state.schema';
import { writeIfNewer } from './write-if-newer';

type State = Pick<ServiceStateRecord, 'aspect' | 'at' | 'image' | 'problem' | 'result'>;

interface Saving {
  /** Only what events of these times say; everything when absent. */
  readonly times?: ReadonlySet<string>;
  /** When the rebuild began that saves; absent outside of one. */
  readonly rebuiltSince?: Date;
}

/** What services are like in their stages. */
@Injectable()
export class ServiceStateStore {
  constructor(@InjectModel(ServiceStateRecord.name) private readonly states: Model<ServiceStateRecord>) {}

  async save({ keptnContext, project, steps }: Run, { times, rebuiltSince }: Saving): Promise<void> {
    for (const step of steps) {
      const { stage, service } = step;
      if (project === '' || stage === '' || service === '') continue;
      for (const state of statesOf(step).filter(({ at }) => times?.has(at) ?? true)) {
        const _id = JSON.stringify([project, stage, service, state.aspect]);
        const fields = { ...state, project, stage, service, keptnContext, savedAt: new Date() };
        await writeIfNewer({ older: { at: { $lte: state.at } }, rebuiltSince }, (replaced) =>
          this.states.replaceOne({ _id, ...replaced }, fields, { upsert: true }).exec(),
        );
      }
    }
  }

  ofProject(project: string): Promise<ServiceStateRecord[]> {
    return this.states
      .find({ project: { $eq: project } })
      .lean<ServiceStateRecord[]>()
      .exec();
  }

  ofProjects(projects: readonly string[]): Promise<ServiceStateRecord[]> {
    return this.states
      .find({ project: { $in: projects } })
      .lean<ServiceStateRecord[]>()
      .exec();
  }

  async removeSavedBefore(time: Date): Promise<void> {
    await this.states.deleteMany({ savedAt: { $lt: time } });
  }

  /** @param before RFC 3339 */
  async removeOfProject(project: string, before: string): Promise<void> {
    await this.states.deleteMany({ project: { $eq: project }, at: { $lt: before } });
  }
}

function statesOf({ image, deployedAt, result, evaluatedAt, problem }: Step): readonly State[] {
  return [
    ...(deployedAt === undefined
      ? []
      : [{ aspect: 'deployment', at: deployedAt, ...(image !== undefined && { image }) } as const]),
    ...(evaluatedAt === undefined ? [] : [{ aspect: 'verdict', at: evaluatedAt, result: result ?? '' } as const]),
    ...(problem === undefined ? [] : [{ aspect: 'problem', at: problem.since, problem } as const]),
  ];
}
