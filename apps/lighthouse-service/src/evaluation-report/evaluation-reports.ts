import { type Caller, type EvaluationReport } from '@keptn/api-models';
import { KeptnEventType } from '@keptn/event-models';
import { type EarlierResult, earlierResultOf, indicatorReports } from '@keptn/quality-gate';
import { EventLog, type LoggedEvent, type PageRequest } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';
import { type ServiceNames } from '../control-plane/configuration-service.client';
import { EvaluationNotFound } from './evaluation.errors';
import { EvaluationValidity } from './evaluation-validity';
import { type StoredEvaluation, storedEvaluationOf } from './stored-evaluation';

export interface EvaluationPage {
  readonly evaluations: EvaluationReport[];
  readonly nextPageKey: string | undefined;
}

/** Evaluations as people look at them. Everything is read from the log, so those of other lighthouses are shown as well. */
@Injectable()
export class EvaluationReports {
  constructor(
    private readonly log: EventLog,
    private readonly validity: EvaluationValidity,
  ) {}

  /** Newest first. */
  async page({ project, stage, service }: ServiceNames, request: PageRequest): Promise<EvaluationPage> {
    const search = { type: KeptnEventType.evaluationDone, project, stage, service };
    const { events, nextPageKey } = await this.log.page(search, request);
    return { evaluations: await this.reportsOf(project, events), nextPageKey };
  }

  /** @throws EvaluationNotFound */
  async one(id: string, caller: Caller): Promise<EvaluationReport> {
    const event = await this.log.event(id);
    if (event?.type !== KeptnEventType.evaluationDone) throw new EvaluationNotFound(id);
    const { project } = storedEvaluationOf(event);
    if (!caller.may('event:read', project)) throw new EvaluationNotFound(id);
    const [report] = await this.reportsOf(project, [event]);
    if (report === undefined) throw new EvaluationNotFound(id);
    return report;
  }

  private async reportsOf(project: string, events: readonly LoggedEvent[]): Promise<EvaluationReport[]> {
    const evaluations = events.map(storedEvaluationOf);
    const [invalidations, compared] = await Promise.all([
      this.validity.invalidations(
        project,
        events.map(({ id }) => id),
      ),
      this.comparedWith(project, evaluations, events),
    ]);
    return evaluations.map((evaluation) => reportOf(evaluation, compared, invalidations.get(evaluation.id)));
  }

  /** The results that the evaluations were compared with, by id; most are on the same page. */
  private async comparedWith(
    project: string,
    evaluations: readonly StoredEvaluation[],
    events: readonly LoggedEvent[],
  ): Promise<ReadonlyMap<string, EarlierResult>> {
    const known = new Set(events.map(({ id }) => id));
    const values = evaluations.flatMap(({ comparedEvents }) => comparedEvents).filter((id) => !known.has(id));
    const others = await this.log.among({ type: KeptnEventType.evaluationDone, project, key: 'id', values });
    const results = [...others, ...events].flatMap((event) => earlierResultOf(event) ?? []);
    return new Map(results.map((result) => [result.id, result]));
  }
}

function reportOf(
  { indicatorResults, slo, ...evaluation }: StoredEvaluation,
  results: ReadonlyMap<string, EarlierResult>,
  invalidated: EvaluationReport['invalidated'],
): EvaluationReport {
  const compared = evaluation.comparedEvents.flatMap((id) => results.get(id) ?? []);
  const indicators =
    slo === undefined
      ? indicatorReports(WITHOUT_FILE, [], indicatorResults)
      : indicatorReports(slo, compared, indicatorResults);
  return { ...evaluation, indicators, ...(invalidated !== undefined && { invalidated }) };
}

const WITHOUT_FILE = { objectives: [], comparison: { results: 1, include: 'all', aggregate: 'avg' } } as const;
