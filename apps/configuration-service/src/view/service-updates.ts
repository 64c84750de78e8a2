import { type ProjectName, type ServiceName, type StageName } from '@keptn/event-models';
import { type UpdateQuery } from 'mongoose';
import { mapKey } from './map-key';
import { type EventEntry, type ServiceDocument } from './view.schema';

/** A service in one stage of a project. */
export interface ServicePlace {
  readonly projectName: ProjectName;
  readonly stageName: StageName;
  readonly serviceName: ServiceName;
}

/** What an event says of a service. */
export interface NotedEvent {
  readonly place: ServicePlace;
  readonly entry: EventEntry;
  readonly deployedImage?: string;
}

/** Path of the entry of a stage in the document of a service. */
export const stagePath = (stage: StageName): string => `stages.${mapKey(stage)}`;

export const filterOf = ({ projectName, stageName, serviceName }: ServicePlace) => ({
  projectName,
  serviceName,
  [stagePath(stageName)]: { $exists: true },
});

/** A change that also gives the service another revision, in the same step. */
export const revised = (change: UpdateQuery<ServiceDocument>): UpdateQuery<ServiceDocument> => ({
  ...change,
  $inc: { revision: 1 },
});

export const entryPath = ({ place, entry }: NotedEvent): string =>
  `${stagePath(place.stageName)}.lastEventTypes.${mapKey(entry.type)}`;

export const imageBy = ({ place, deployedImage }: NotedEvent): Readonly<Record<string, unknown>> => ({
  ...(deployedImage !== undefined && { [`${stagePath(place.stageName)}.deployedImage`]: deployedImage }),
});

export const changesBy = (event: NotedEvent): Readonly<Record<string, unknown>> => ({
  [entryPath(event)]: event.entry,
  ...imageBy(event),
});

/** Makes a change by an event of the past, unless one of its type was noted since. */
export function restoring(event: NotedEvent, changes: Readonly<Record<string, unknown>>, before: string) {
  const path = entryPath(event);
  const isOlder = { $or: [{ [path]: { $exists: false } }, { [`${path}.time`]: { $lt: before } }] };
  return { updateOne: { filter: { ...filterOf(event.place), ...isOlder }, update: revised({ $set: changes }) } };
}

/** The update of a service by those events that are news of it. */
export function updateBy(events: readonly NotedEvent[], { projectName, serviceName, stages }: ServiceDocument) {
  const changes: Record<string, unknown> = {};
  const filter: Record<string, unknown> = { projectName, serviceName };
  for (const event of events) {
    const { place, entry } = event;
    if (place.projectName !== projectName || place.serviceName !== serviceName) continue;
    const stage = stages[mapKey(place.stageName)];
    if (stage === undefined) continue;
    const isNoted = stage.lastEventTypes?.[mapKey(entry.type)]?.eventId === entry.eventId;
    if (!isNoted || entryPath(event) in changes) {
      Object.assign(changes, changesBy(event));
      Object.assign(filter, filterOf(place));
    }
  }
  return Object.keys(changes).length === 0 ? undefined : { updateOne: { filter, update: revised({ $set: changes }) } };
}
