import { type Comparison, isJsonObject, KeptnEventType } from '@keptn/event-models';
import { type EarlierResult, type EvaluationSubject, MOST_EARLIER_RESULTS } from '@keptn/quality-gate';
import { EventLog, type LatestSearch, type LoggedEvent } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';
import { KnownResults } from './known-results';

type Names = Pick<EvaluationSubject, 'project' | 'stage' | 'service'>;

/** Which results of earlier evaluations count, as `include_result_with_score` says it. */
const RESULTS = { all: undefined, pass: ['pass'], pass_or_warn: ['pass', 'warning'] } as const;

/** What the log knows of a service before an evaluation of it. */
@Injectable()
export class EvaluationHistory {
  constructor(
    private readonly log: EventLog,
    private readonly known: KnownResults,
  ) {}

  /** What a value is compared with, newest first; results that hold no indicator are passed over. */
  async earlierResults(names: Names, { results, include }: Comparison): Promise<readonly EarlierResult[]> {
    if (results < 1 || results > MOST_EARLIER_RESULTS) return [];
    const search = (limit: number) => this.log.latestHeads(searchOf(names, include, limit));
    const wanted = await search(results);
    const usable = await this.known.of(names.project, wanted);
    if (usable.length === results || wanted.length < results) return usable;
    const more = await this.known.of(names.project, await search(MOST_EARLIER_RESULTS));
    return more.slice(0, results);
  }

  /** Whether the newest tests of the service in the context failed. */
  async testsFailed(keptnContext: string | undefined, names: Names): Promise<boolean> {
    if (keptnContext === undefined) return false;
    const { project, stage, service } = names;
    const search = { type: KeptnEventType.testsFinished, keptnContext, project, stage, service };
    const { events } = await this.log.page(search, { pageSize: 1, nextPageKey: undefined });
    const [newest] = events;
    return newest !== undefined && isJsonObject(newest.data) && newest.data['result'] === 'fail';
  }

  /** The latest `evaluation-done`, newest first, without those that were invalidated. */
  evaluations(names: Names, include: Comparison['include'], limit: number): Promise<readonly LoggedEvent[]> {
    return this.log.latest(searchOf(names, include, limit));
  }
}

function searchOf(names: Names, include: Comparison['include'], limit: number): LatestSearch {
  const results = RESULTS[include];
  return {
    type: KeptnEventType.evaluationDone,
    filter: { ...filterOf(names), ...(results !== undefined && { 'data.result': results }) },
    limit,
  };
}

const filterOf = ({ project, stage, service }: Names): Readonly<Record<string, string>> => ({
  'data.project': project,
  'data.stage': stage,
  'data.service': service,
});
