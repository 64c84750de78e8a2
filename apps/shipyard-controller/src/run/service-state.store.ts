import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Model } from 'mongoose';
import { type Run } from '../decision/run/run';
import { type Step } from '../decision/run/run-step';
import { ServiceStateRecord } from './service-state.schema';
import { writeIfNewer } from './write-if-newer';

type State = Omit<ServiceStateRecord, '_id' | 'keptnContext' | 'project' | 'savedAt' | 'service' | 'stage'>;

/** By id; of two versions of a state the later one counts. */
export type ServiceStates = Map<string, Omit<ServiceStateRecord, 'savedAt'>>;

/** What services are like in their stages. */
@Injectable()
export class ServiceStateStore {
  constructor(@InjectModel(ServiceStateRecord.name) private readonly states: Model<ServiceStateRecord>) {}

  /** @param times only what events of these times say */
  async save(run: Run, times: ReadonlySet<string>): Promise<void> {
    for (const state of recordsOf(run)) {
      if (times.has(state.at) || times.has(state.discardedAt ?? '')) await this.write(state);
    }
  }

  /**
   * Replaces all states that were saved before a rebuild began, once it knows the latest of each: boards never show what was before.
   *
   * @param begin of the rebuild
   */
  async replace(states: ServiceStates, begin: Date): Promise<void> {
    for (const state of states.values()) await this.write(state, begin);
    await this.states.deleteMany({ savedAt: { $lt: begin } });
  }

  /** What was made from a context that cannot be looked at stays. */
  async keep(keptnContext: string): Promise<void> {
    await this.states.updateMany({ keptnContext: { $eq: keptnContext } }, { $set: { savedAt: new Date() } });
  }

  private async write({ _id, ...state }: Omit<ServiceStateRecord, 'savedAt'>, rebuiltSince?: Date): Promise<void> {
    const fields = { ...state, savedAt: new Date() };
    await writeIfNewer({ older: { at: { $lte: state.at } }, rebuiltSince }, (replaced) =>
      this.states.replaceOne({ _id, ...replaced }, fields, { upsert: true }).exec(),
    );
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

  /** @param before RFC 3339 */
  async removeOfProject(project: string, before: string): Promise<void> {
    await this.states.deleteMany({ project: { $eq: project }, at: { $lt: before } });
  }
}

/** Takes the states of a run in, unless later ones are known. */
export function takeStatesOf(run: Run, states: ServiceStates): void {
  for (const state of recordsOf(run)) {
    const known = states.get(state._id);
    if (known === undefined || known.at <= state.at) states.set(state._id, state);
  }
}

function recordsOf({ keptnContext, project, steps }: Run): readonly Omit<ServiceStateRecord, 'savedAt'>[] {
  return steps.flatMap((step) => {
    const { stage, service } = step;
    if (project === '' || stage === '' || service === '') return [];
    return statesOf(step).map((state) => ({
      _id: JSON.stringify([project, stage, service, state.aspect]),
      ...{ ...state, project, stage, service, keptnContext },
    }));
  });
}

function statesOf(step: Step): readonly State[] {
  const { result, evaluatedAt, problem } = step;
  return [
    ...deploymentStatesOf(step),
    ...(evaluatedAt === undefined ? [] : [{ aspect: 'verdict', at: evaluatedAt, result: result ?? '' } as const]),
    ...(problem === undefined ? [] : [{ aspect: 'problem', at: problem.since, problem } as const]),
  ];
}

/** What is promoted is kept besides what is deployed last, as a stage goes back to it. */
function deploymentStatesOf({
  image,
  deployedAt,
  deploymentURIPublic,
  promotedAt,
  discardedAt,
}: Step): readonly State[] {
  if (deployedAt === undefined) return [];
  const deployed = {
    ...(image !== undefined && { image }),
    ...(deploymentURIPublic !== undefined && { deploymentURIPublic }),
  };
  return [
    { aspect: 'deployment', at: deployedAt, ...deployed, ...(discardedAt !== undefined && { discardedAt }) },
    ...(promotedAt === undefined ? [] : [{ aspect: 'promotion', at: promotedAt, deployedAt, ...deployed } as const]),
  ];
}
