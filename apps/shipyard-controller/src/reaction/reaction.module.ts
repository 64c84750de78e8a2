import { type LoggedEvent, type Reaction, ReactingModule } from '@keptn/service-kit/reacting';
import { type DynamicModule } from '@nestjs/common';
import { ContextLog } from '../control-plane/context-log';
import { type FollowUp } from '../decision/decision';
import { RunModule } from '../run/run.module';
import { Runs } from '../run/runs';
import { ActiveParts } from './active-parts';
import { ContextDeadlines } from './context-deadlines';
import { DecisionMetrics } from './decision-metrics';
import { PartsModule } from './parts.module';

/** Has the parts that are switched on react to events, and the list of runs follow them. */
export function reactionModule(): DynamicModule {
  return ReactingModule.with({
    imports: [PartsModule, RunModule],
    inject: [ActiveParts, ContextLog, ContextDeadlines, DecisionMetrics, Runs],
    useFactory: (
      parts: ActiveParts,
      contexts: ContextLog,
      deadlines: ContextDeadlines,
      metrics: DecisionMetrics,
      runs: Runs,
    ) => {
      const react: Reaction = async (event: LoggedEvent) => {
        const events = await contexts.eventsOf(event.shkeptncontext);
        const concerned = parts.concernedBy(event.type);
        const follows: FollowUp[] = [];
        for (const part of concerned) {
          const decision = await part.decide(event, events);
          metrics.count(part, event.type, decision);
          follows.push(...decision.follows);
          await part.updateOpenItems?.(event, events);
        }
        if (concerned.length > 0 && event.shkeptncontext) await deadlines.refresh(event.shkeptncontext, events);
        await runs.record(event, events);
        return follows;
      };
      return new Map([...parts.types, ...runs.types].map((type) => [type, react]));
    },
  });
}
