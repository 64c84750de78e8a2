import { type Comparison, isJsonObject, KeptnEventType } from '@keptn/event-models';
import { type EarlierResult, type EvaluationSubject, MOST_EARLIER_RESULTS, usableResults } from '@keptn/quality-gate';
import { EventLog, type LoggedEvent } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';

type Names = Pick<EvaluationSubject, 'project' | 'stage' | 'service'>;

/** Which results of earlier evaluations count, as `include_result_with_score` says it. */
const RESULTS = { all: undefined, pass: ['pass'], pass_or_warn: ['pass', 'warning'] } as const;

/** What the log knows of a service before an evaluation of it. */
@Injectable()
export class EvaluationHistory {
  constructor(private readonly log: EventLog) {}

  /** What a value is compared with, newest first; results that hold no indicator are passed over. */
  async earlierResults(names: Names, { results, include }: Comparison): Promise<readonly EarlierResult[]> {
    if (results < 1 || results > MOST_EARLIER_RESULTS) return [];
    const wanted = await this.evaluations(names, include, results);
    const usable = usableResults(wanted, results);
    if (usable.length === results || wanted.length < results) return usable;
    return usableResults(await this.evaluations(names, include, MOST_EARLIER_RESULTS), results);
  }

  /** Whether the newest tests of the service in the context failed. */
  async testsFailed(keptnContext: string | undefined, names: Names): Promise<boolean> {
    if (keptnContext === undefined) return false;
    const filter = { shkeptncontext: keptnContext, ...filterOf(names) };
    const [newest] = await this.log.latest({ type: KeptnEventType.testsFinished, filter, limit: 1 });
    return newest !== undefined && isJsonObject(newest.data) && newest.data['result'] === 'fail';
  }

  /** The latest `evaluation-done`, newest first, without those that were invalidated. */
  evaluations(names: Names, include: Comparison['include'], limit: number): Promise<readonly LoggedEvent[]> {
    const results = RESULTS[include];
    return this.log.latest({
      type: KeptnEventType.evaluationDone,
      filter: { ...filterOf(names), ...(results !== undefined && { 'data.result': results }) },
      limit,
    });
  }
}

const filterOf = ({ project, stage, service }: Names): Readonly<Record<string, string>> => ({
  'data.project': project,
  'data.stage': stage,
  'data.service': service,
});
