import { type eventLogApi, type QueryOf } from '@keptn/api-models';
import { type EventFilter } from '../log/event-filter';
import { instantAt, positionAfter, positionAt } from '../log/position';

/** The filter that the parameters of GET /event and of the event stream stand for (contract 5.3). */
export function filterOf(parameters: Omit<QueryOf<typeof eventLogApi.streamEvents>, 'heartbeat'>): EventFilter {
  const { keptnContext, type, source, project, stage, service, eventID, fromTime, beforeTime } = parameters;
  const anyOf = Object.fromEntries(
    Object.entries({ id: eventID, project, service, shkeptncontext: keptnContext, source, stage, type })
      .filter((entry): entry is [string, string] => entry[1] !== undefined)
      .map(([field, value]) => [field, [value]]),
  );
  return {
    anyOf,
    ...(fromTime !== undefined && { from: positionAfter(instantAt(fromTime)) }),
    ...(beforeTime !== undefined && { until: positionAt(instantAt(beforeTime)) }),
  };
}
