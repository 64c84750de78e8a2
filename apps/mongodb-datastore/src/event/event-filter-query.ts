import { type z } from 'zod';
import { type EventFilter } from '../log/event-filter';
import { positionAfter, positionAt } from '../log/position';
import { type eventFilterFields } from './event.dto';

type FilterParameters = {
  readonly [Name in keyof typeof eventFilterFields]?: z.infer<(typeof eventFilterFields)[Name]>;
};

/** The filter that the parameters of GET /event and of the event stream stand for (contract 5.3). */
export function filterOf(parameters: FilterParameters): EventFilter {
  const { keptnContext, type, source, project, stage, service, eventID, fromTime, beforeTime } = parameters;
  const anyOf = Object.fromEntries(
    Object.entries({ id: eventID, project, service, shkeptncontext: keptnContext, source, stage, type })
      .filter((entry): entry is [string, string] => entry[1] !== undefined)
      .map(([field, value]) => [field, [value]]),
  );
  return {
    anyOf,
    ...(fromTime !== undefined && { from: positionAfter(fromTime) }),
    ...(beforeTime !== undefined && { until: positionAt(beforeTime) }),
  };
}
