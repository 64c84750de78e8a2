import { type LoggedEvent, type Reaction, ReactingModule } from '@keptn/service-kit/reacting';
import { type DynamicModule } from '@nestjs/common';
import { ContextLog } from '../control-plane/context-log';
import { type FollowUp } from '../decision/decision';
import { RemediationDeadlines } from '../remediation/remediation-deadlines';
import { RunModule } from '../run/run.module';
import { Runs } from '../run/runs';
import { ActiveParts } from './active-parts';
import { PartsModule } from './parts.module';

/** Has the parts that are switched on react to events. */
export function reactionModule(): DynamicModule {
  return ReactingModule.with({
    imports: [PartsModule, RunModule],
    inject: [ActiveParts, ContextLog, RemediationDeadlines, Runs],
    useFactory: (parts: ActiveParts, contexts: ContextLog, deadlines: RemediationDeadlines, runs: Runs) => {
      const react = reaction(parts, contexts, deadlines, runs);
      return new Map([...parts.types, ...runs.types].map((type) => [type, react]));
    },
  });
}

function reaction(parts: ActiveParts, contexts: ContextLog, deadlines: RemediationDeadlines, runs: Runs): Reaction {
  return async (event: LoggedEvent): Promise<readonly FollowUp[]> => {
    const events = await contexts.eventsOf(event.shkeptncontext);
    const follows: FollowUp[] = [];
    for (const part of parts.concernedBy(event.type)) {
      follows.push(...(await part.decide(event, events)).follows);
      await part.project?.(event, events);
      if (part.name === 'remediation' && event.shkeptncontext) await deadlines.refresh(event.shkeptncontext, events);
    }
    await runs.record(event, events);
    return follows;
  };
}
