import { type Caller } from '@keptn/api-models';
import { isJsonObject, KeptnEventType } from '@keptn/event-models';
import { EventLog, FollowUps, followUpId, type LoggedEvent } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';
import { EVALUATION_SENDER } from '../evaluation/evaluation-events';
import { EvaluationInvalidated, EvaluationNotFound, EvaluationValid } from './evaluation.errors';
import { storedEvaluationOf } from './stored-evaluation';

/** Why an evaluation does not count, and since when. */
export interface Invalidation {
  readonly reason: string;
  readonly time: string;
}

/** What was last said about the validity of an evaluation. */
interface Declaration {
  readonly kind: 'invalidated' | 'revalidated';
  readonly event: LoggedEvent;
}

const TYPES = {
  invalidated: KeptnEventType.evaluationInvalidated,
  revalidated: KeptnEventType.evaluationRevalidated,
} as const;

/** An evaluation as somebody asks for it. */
export interface AskedEvaluation {
  readonly id: string;
  readonly caller: Caller;
}

/** Which evaluations count. */
@Injectable()
export class EvaluationValidity {
  constructor(
    private readonly log: EventLog,
    private readonly followUps: FollowUps,
  ) {}

  /** @returns those of the evaluations that do not count, by their ids */
  async invalidations(project: string, ids: readonly string[]): Promise<ReadonlyMap<string, Invalidation>> {
    const declarations = await this.lastDeclarations(project, ids);
    return new Map(
      [...declarations].flatMap(([id, { kind, event }]) =>
        kind === 'invalidated' ? [[id, { reason: reasonOf(event), time: event.time }] as const] : [],
      ),
    );
  }

  /**
   * @returns id of the event that says so
   * @throws EvaluationNotFound, EvaluationInvalidated
   */
  async invalidate(asked: AskedEvaluation, reason: string): Promise<string> {
    const evaluation = await this.evaluation(asked);
    const last = await this.lastDeclaration(evaluation);
    if (last?.kind === 'invalidated') throw new EvaluationInvalidated(reasonOf(last.event));
    return this.declare('invalidated', evaluation, { after: last?.event ?? evaluation, reason });
  }

  /**
   * @returns id of the event that says so
   * @throws EvaluationNotFound, EvaluationValid
   */
  async revalidate(asked: AskedEvaluation, reason: string): Promise<string> {
    const evaluation = await this.evaluation(asked);
    const last = await this.lastDeclaration(evaluation);
    if (last?.kind !== 'invalidated') throw new EvaluationValid();
    return this.declare('revalidated', evaluation, { after: last.event, reason });
  }

  private async evaluation({ id, caller }: AskedEvaluation): Promise<LoggedEvent> {
    const event = await this.log.event(id);
    if (event?.type !== KeptnEventType.evaluationDone) throw new EvaluationNotFound(id);
    if (!caller.may('event:write', storedEvaluationOf(event).project)) throw new EvaluationNotFound(id);
    return event;
  }

  private async lastDeclaration(evaluation: LoggedEvent): Promise<Declaration | undefined> {
    const declarations = await this.lastDeclarations(storedEvaluationOf(evaluation).project, [evaluation.id]);
    return declarations.get(evaluation.id);
  }

  private async lastDeclarations(project: string, ids: readonly string[]): Promise<ReadonlyMap<string, Declaration>> {
    const [invalidated, revalidated] = await Promise.all(
      [TYPES.invalidated, TYPES.revalidated].map((type) =>
        this.log.among({ type, project, key: 'triggeredid', values: ids }),
      ),
    );
    const declarations = [
      ...(invalidated ?? []).map((event): Declaration => ({ kind: 'invalidated', event })),
      ...(revalidated ?? []).map((event): Declaration => ({ kind: 'revalidated', event })),
    ].sort((one, other) => Date.parse(one.event.time) - Date.parse(other.event.time));
    return new Map(declarations.map((declaration) => [declaration.event.triggeredid ?? '', declaration]));
  }

  /** Two who declare the same at the same time send one event, since both follow from the same last word. */
  private async declare(
    kind: Declaration['kind'],
    evaluation: LoggedEvent,
    { after, reason }: { readonly after: LoggedEvent; readonly reason: string },
  ): Promise<string> {
    const { project, stage, service } = storedEvaluationOf(evaluation);
    const { shkeptncontext } = evaluation;
    const cause = { id: after.id, source: after.source, ...(shkeptncontext !== undefined && { shkeptncontext }) };
    await this.followUps.send([
      {
        cause,
        kind,
        type: TYPES[kind],
        triggeredid: evaluation.id,
        data: { project, stage, service, evaluation: { reason } },
      },
    ]);
    return followUpId(EVALUATION_SENDER, cause, kind);
  }
}

function reasonOf({ data }: LoggedEvent): string {
  const evaluation = isJsonObject(data) ? data['evaluation'] : undefined;
  const reason = isJsonObject(evaluation) ? evaluation['reason'] : undefined;
  return typeof reason === 'string' ? reason : '';
}
