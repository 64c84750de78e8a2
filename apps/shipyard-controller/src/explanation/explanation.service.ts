import {
  type AnswerOf,
  type Caller,
  NO_FURTHER_PAGE,
  type QueryOf,
  type shipyardControllerApi,
} from '@keptn/api-models';
import { toWire } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { ContextLog } from '../control-plane/context-log';
import { awaitedAfter } from '../decision/awaited';
import { type ContextEvent, subjectOf } from '../decision/context-event';
import { ActiveParts } from '../reaction/active-parts';
import { UnknownPageKey } from '../run/run.errors';
import { ContextNotFound } from './explanation.errors';

type Explanation = AnswerOf<typeof shipyardControllerApi.explainContext>;
type RunHistory = AnswerOf<typeof shipyardControllerApi.getRun>;
type ExplainedEvent = Omit<RunHistory['events'][number], 'event'>;

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
    const explained: Explanation['events'] = [];
    for (const event of visibleTo(caller, events)) {
      const { stage, service } = subjectOf(event);
      const { decisions, awaits } = await this.explainEvent(event, events);
      if (decisions.length === 0 && awaits === undefined) continue;
      const { id, type, time } = event;
      explained.push({ id, type, time, stage, service, decisions, ...(awaits !== undefined && { awaits }) });
    }
    return { events: explained };
  }

  /**
   * A page of the events of a context, each explained.
   *
   * @throws ContextNotFound, UnknownPageKey
   */
  async history(
    keptnContext: string,
    { pageSize, nextPageKey }: QueryOf<typeof shipyardControllerApi.getRun>,
    caller: Caller,
  ): Promise<RunHistory> {
    const events = await this.contexts.eventsOf(keptnContext);
    const visible = visibleTo(caller, events);
    if (visible.length === 0) throw new ContextNotFound(keptnContext);
    const begin = indexAfter(nextPageKey, visible);
    const page = visible.slice(begin, begin + pageSize);
    const explained: RunHistory['events'] = [];
    for (const event of page) {
      const { storedAt } = event;
      explained.push({ event: toWire(event), storedAt, ...(await this.explainEvent(event, events)) });
    }
    return {
      events: explained,
      nextPageKey: begin + pageSize < visible.length ? keyOf(page.at(-1)) : NO_FURTHER_PAGE,
    };
  }

  /** @param events all of the context */
  private async explainEvent(event: ContextEvent, events: readonly ContextEvent[]): Promise<ExplainedEvent> {
    const awaits = awaitedAfter(event, events);
    return { decisions: await this.decisionsOn(event, events), ...(awaits !== undefined && { awaits }) };
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

const visibleTo = <Event extends ContextEvent>(caller: Caller, events: readonly Event[]): readonly Event[] =>
  events.filter((event) => caller.may('event:read', subjectOf(event).project));

/** The key of the page after one; it names its last event. */
const keyOf = (last: ContextEvent | undefined): string =>
  Buffer.from(JSON.stringify([last?.source, last?.id])).toString('base64url');

/** @throws UnknownPageKey when the key names no event of the context */
function indexAfter(key: string | undefined, events: readonly ContextEvent[]): number {
  if (key === undefined || key === '' || key === NO_FURTHER_PAGE) return 0;
  const index = events.findIndex((event) => keyOf(event) === key);
  if (index === -1) throw new UnknownPageKey();
  return index + 1;
}
