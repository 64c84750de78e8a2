import { ReactingModule } from '@keptn/service-kit/reacting';
import { type DynamicModule } from '@nestjs/common';
import { ContextLog } from '../control-plane/context-log';
import { RunModule } from '../run/run.module';
import { Runs } from '../run/runs';
import { ActiveParts } from './active-parts';
import { ContextDeadlines } from './context-deadlines';
import { ContextReaction } from './context-reaction';
import { DecisionMetrics } from './decision-metrics';
import { PartsModule } from './parts.module';

/** Has the parts that are switched on react to events, and the list of runs follow them. */
export function reactionModule(): DynamicModule {
  return ReactingModule.withGroups({
    imports: [PartsModule, RunModule],
    inject: [ActiveParts, ContextLog, ContextDeadlines, DecisionMetrics, Runs],
    useFactory: (
      parts: ActiveParts,
      contexts: ContextLog,
      deadlines: ContextDeadlines,
      metrics: DecisionMetrics,
      runs: Runs,
    ) => ({
      types: new Set([...parts.types, ...runs.types]),
      begin: () => new ContextReaction({ parts, contexts, deadlines, metrics, runs }),
    }),
  });
}
