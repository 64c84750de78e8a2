import { type Caller } from '@keptn/api-models';
import { isJsonObject, type JsonObject, type JsonValue, toKeptnContext } from '@keptn/event-models';
import { NotPermitted, requireScope } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { EventLogClient } from '../control-plane/event-log.client';
import { UnacceptableEvent } from './event.errors';
import { type SentEvent } from './public-event';

/** The project that an event belongs to, undefined when it names none. */
export function projectOfData(data: JsonValue | undefined): string | undefined {
  const project = isJsonObject(data) ? data['project'] : undefined;
  return typeof project === 'string' && project !== '' ? project : undefined;
}

export const projectOfEvent = (event: JsonObject): string | undefined => projectOfData(event['data']);

/** Receivers in Go read field names in any case, and the last one counts. */
function requireOneProject(data: JsonObject): void {
  const other = Object.keys(data).find((name) => name !== PROJECT && name.toLowerCase() === PROJECT);
  if (other !== undefined) throw new UnacceptableEvent(`data.${other} in body is another spelling of data.${PROJECT}`);
}

const PROJECT = 'project';

/** Which events a caller may send: those of their projects, and not into the runs of others. */
@Injectable()
export class SenderRights {
  constructor(private readonly eventLog: EventLogClient) {}

  /** @throws NotPermitted, UnacceptableEvent */
  async require(caller: Caller, event: SentEvent): Promise<void> {
    requireScope(caller, 'event:write', projectOfData(event.data));
    if (caller.may('event:write', undefined)) return;
    requireOneProject(event.data);
    if (event.shkeptncontext === undefined) return;
    // An event is acted on together with the others of its context, such as an approval with what it approves.
    const first = await this.eventLog.first(toKeptnContext(event.shkeptncontext));
    if (first !== undefined && !caller.may('event:write', projectOfEvent(first))) throw new NotPermitted('event:write');
  }
}
