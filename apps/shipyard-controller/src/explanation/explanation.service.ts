import { type AnswerOf, type Caller, type shipyardControllerApi } from '@keptn/api-models';
import { Injectable } from '@nestjs/common';
import { ContextLog } from '../control-plane/context-log';
import { awaitedAfter } from '../decision/awaited';
import { type ContextEvent, subjectOf } from '../decision/context-event';
import { ActiveParts } from '../reaction/active-parts';

type Explanation = AnswerOf<typeof shipyardControllerApi.explainContext>;
type ExplainedEvent = Explanation['events'][number];

/** `sh.keptn.event.<stage>.<sequence>.triggered`, which starts a sequence of `spec.keptn.sh/0.2`. */
const SEQUENCE_TRIGGER = /^sh\.keptn\.event\.[^.]+\.[^.]+\.triggered$/;

/** Says why what followed from events followed, by deciding about each of them again. */
@Injectable()
export class ExplanationService {
  constructor(
    private readonly contexts: ContextLog,
    private readonly parts: ActiveParts,
  ) {}

  async explain(keptnContext: string, caller: Caller): Promise<Explanation> {
    const events = await this.contexts.eventsOf(keptnContext);
    const explained: ExplainedEvent[] = [];
    for (const event of events) {
      const { project, stage, service } = subjectOf(event);
      if (!caller.may('event:read', project)) continue;
      const awaits = awaitedAfter(event, events);
      const decisions = await this.decisionsOn(event, events);
      if (decisions.length === 0 && awaits === undefined) continue;
      const { id, type, time } = event;
      explained.push({ id, type, time, stage, service, decisions, ...(awaits !== undefined && { awaits }) });
    }
    return { events: explained };
  }

  private async decisionsOn(
    event: ContextEvent,
    events: readonly ContextEvent[],
  ): Promise<ExplainedEvent['decisions']> {
    if (SEQUENCE_TRIGGER.test(event.type)) {
      return [{ part: 'delivery', because: 'not run: sequences of spec.keptn.sh/0.2 are not run yet', follows: [] }];
    }
    const decisions: ExplainedEvent['decisions'] = [];
    for (const part of this.parts.concernedBy(event.type)) {
      const { because, follows } = await part.decide(event, events);
      decisions.push({ part: part.name, because, follows: follows.map(({ type }) => type) });
    }
    return decisions;
  }
}
