import { type FollowUp, type LoggedEvent, type NumberedEvent, type ReactionGroup } from '@keptn/service-kit/reacting';
import { type ContextLog } from '../control-plane/context-log';
import { isSameEvent } from '../decision/context-event';
import { type Runs } from '../run/runs';
import { type ActiveParts } from './active-parts';
import { type ContextDeadlines } from './context-deadlines';
import { type DecisionMetrics } from './decision-metrics';

export interface ReactionParts {
  readonly parts: ActiveParts;
  readonly contexts: ContextLog;
  readonly deadlines: ContextDeadlines;
  readonly metrics: DecisionMetrics;
  readonly runs: Runs;
}

/**
 * Reacts to the events of one Keptn context that were delivered together. The context is read once, and again where something was sent
 * in between, so that a decision sees what followed from those before it.
 */
export class ContextReaction implements ReactionGroup {
  private readonly reactedTo: LoggedEvent[] = [];
  /** All of the context, as they were read last. */
  private events: readonly NumberedEvent[] = [];
  private mustRead = true;

  constructor(private readonly by: ReactionParts) {}

  readonly react = async (event: LoggedEvent): Promise<readonly FollowUp[]> => {
    const { contexts, metrics, parts } = this.by;
    if (this.mustRead) this.events = await contexts.eventsOf(event.shkeptncontext);
    // It was removed with its project while it was on its way. What follows would be of a new project of this name.
    if (event.shkeptncontext && !this.events.some((other) => isSameEvent(other, event))) return [];
    const follows: FollowUp[] = [];
    for (const part of parts.concernedBy(event.type)) {
      const decision = await part.decide(event, this.events);
      metrics.count(part, event.type, decision);
      follows.push(...decision.follows);
    }
    this.mustRead = follows.length > 0;
    this.reactedTo.push(event);
    return follows;
  };

  /** What is kept for people follows once for all events; what was sent last is delivered as well. */
  async end(): Promise<void> {
    const { deadlines, parts, runs } = this.by;
    const keptnContext = this.reactedTo[0]?.shkeptncontext;
    for (const part of parts.all) {
      const changes = this.reactedTo.filter(({ type }) => part.types.has(type));
      if (changes.length > 0) await part.updateOpenItems?.(changes, this.events);
    }
    const areConcerned = this.reactedTo.some(({ type }) => parts.types.has(type));
    if (areConcerned && keptnContext) await deadlines.refresh(keptnContext, this.events);
    await runs.record(this.reactedTo, this.events);
  }
}
