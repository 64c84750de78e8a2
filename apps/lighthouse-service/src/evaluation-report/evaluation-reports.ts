import { type Caller, type EvaluationReport } from '@keptn/api-models';
import { KeptnEventType } from '@keptn/event-models';
import { type EarlierResult, earlierResultOf, indicatorReports } from '@keptn/quality-gate';
import { EventLog, type EventPage, type LoggedEvent, type PageRequest } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';
import { type ServiceNames } from '../control-plane/configuration-service.client';
import { EvaluationNotFound } from './evaluation.errors';
import { EvaluationValidity } from './evaluation-validity';
import { type StoredEvaluation, storedEvaluationOf } from './stored-evaluation';

export interface EvaluationPageRequest extends PageRequest {
  /** Id of the evaluation to begin with; undefined for the newest. */
  readonly until: string | undefined;
}

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

  /**
   * Newest first.
   *
   * @throws EvaluationNotFound when `until` is none of the service in the stage
   */
  async page(names: ServiceNames, { until, ...request }: EvaluationPageRequest): Promise<EvaluationPage> {
    const search = { type: KeptnEventType.evaluationDone, ...names };
    if (until === undefined) return this.reported(names, await this.log.page(search, request));
    const first = await this.log.event(until);
    if (first === undefined || !isOf(names, first)) throw new EvaluationNotFound(until);
    const beforeTime = new Date(Date.parse(first.time) + 1).toISOString();
    const { events, nextPageKey } = await this.log.page({ ...search, beforeTime }, request);
    // Later ones of the same millisecond are no part of it; on further pages there are none.
    const begin = Math.max(
      events.findIndex(({ id }) => id === until),
      0,
    );
    return this.reported(names, { events: events.slice(begin), nextPageKey });
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

  private async reported({ project }: ServiceNames, { events, nextPageKey }: EventPage): Promise<EvaluationPage> {
    return { evaluations: await this.reportsOf(project, events), nextPageKey };
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

function isOf({ project, stage, service }: ServiceNames, event: LoggedEvent): boolean {
  if (event.type !== KeptnEventType.evaluationDone) return false;
  const found = storedEvaluationOf(event);
  return found.project === project && found.stage === stage && found.service === service;
}

function reportOf(
  { indicatorResults, slo, sloText, ...evaluation }: StoredEvaluation,
  results: ReadonlyMap<string, EarlierResult>,
  invalidated: EvaluationReport['invalidated'],
): EvaluationReport {
  const compared = evaluation.comparedEvents.flatMap((id) => results.get(id) ?? []);
  const indicators =
    slo === undefined
      ? indicatorReports(WITHOUT_FILE, [], indicatorResults)
      : indicatorReports(slo, compared, indicatorResults);
  return {
    ...evaluation,
    indicators,
    ...(sloText !== '' && { slo: sloText }),
    ...(invalidated !== undefined && { invalidated }),
  };
}

const WITHOUT_FILE = { objectives: [], comparison: { results: 1, include: 'all', aggregate: 'avg' } } as const;
