import { KeptnEventType } from '@keptn/event-models';
import { type ContextEvent, fieldsOf, subjectOf } from '../context-event';

/**
 * The events of a run, with the stage of each new artifact: without one it goes into the first stage, which the answer names. That
 * counts more than the shipyard, which may have changed since.
 *
 * @param firstStage by the shipyard; empty when it is not known
 */
export function withStages(events: readonly ContextEvent[], firstStage: string): readonly ContextEvent[] {
  const stages = stagesOfChanges(events, firstStage);
  if (stages.size === 0) return events;
  return events.map((event) => {
    const stage = subjectOf(event).stage === '' ? stages.get(taskOf(event)) : undefined;
    return stage === undefined ? event : { ...event, data: { ...fieldsOf(event), stage } };
  });
}

/** The stages of artifacts without one, by the ids of their events. */
function stagesOfChanges(events: readonly ContextEvent[], firstStage: string): ReadonlyMap<string, string> {
  const stages = new Map<string, string>();
  const answered = new Map<string, string>();
  for (const event of events.toReversed()) {
    const { stage, service } = subjectOf(event);
    if (event.type === KeptnEventType.deploymentFinished && stage !== '') answered.set(service, stage);
    if (event.type !== KeptnEventType.configurationChange || stage !== '') continue;
    const found = answered.get(service) ?? firstStage;
    if (found !== '') stages.set(event.id, found);
  }
  return stages;
}

/** The id of the event that asks for a deployment, of itself and of the report that the receiver could not deploy. */
function taskOf({ id, type, triggeredid = '' }: ContextEvent): string {
  return type === KeptnEventType.deliveryFinished ? triggeredid : id;
}
