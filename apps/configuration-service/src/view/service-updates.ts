import { type StageName } from '@keptn/event-models';
import { type UpdateQuery } from 'mongoose';
import { type ServiceScope } from '../domain/service-scope';
import { mapKey } from './map-key';
import { type EventEntry, type ServiceDocument, type StageEntry } from './view.schema';

/** What an event says of a service. */
export interface ServiceEvent {
  readonly scope: ServiceScope;
  readonly entry: EventEntry;
  readonly deployedImage?: string;
}

/** Path of the entry of a stage in the document of a service. */
export const stagePath = (stage: StageName): string => `stages.${mapKey(stage)}`;

export const filterOf = ({ project, stage, service }: ServiceScope) => ({
  projectName: project,
  serviceName: service,
  [stagePath(stage)]: { $exists: true },
});

/** A change that also gives the service another revision, in the same step. */
export const revised = (change: UpdateQuery<ServiceDocument>): UpdateQuery<ServiceDocument> => ({
  ...change,
  $inc: { revision: 1 },
});

export const entryPath = ({ scope, entry }: ServiceEvent): string =>
  `${stagePath(scope.stage)}.lastEventTypes.${mapKey(entry.type)}`;

export const imageBy = ({ scope, deployedImage }: ServiceEvent): Readonly<Record<string, unknown>> => ({
  ...(deployedImage !== undefined && { [`${stagePath(scope.stage)}.deployedImage`]: deployedImage }),
});

export const changesBy = (event: ServiceEvent): Readonly<Record<string, unknown>> => ({
  [entryPath(event)]: event.entry,
  ...imageBy(event),
});

/** Makes a change by an event of the past, unless one of its type was recorded since. */
export function restoring(event: ServiceEvent, changes: Readonly<Record<string, unknown>>, before: string) {
  const path = entryPath(event);
  const isOlder = { $or: [{ [path]: { $exists: false } }, { [`${path}.time`]: { $lt: before } }] };
  return { updateOne: { filter: { ...filterOf(event.scope), ...isOlder }, update: revised({ $set: changes }) } };
}

/** What decides which events are news of a service. */
export type RecordedEvents = Pick<ServiceDocument, 'projectName' | 'serviceName'> & {
  /** Not every database answers with a subdocument that has none of the requested fields. */
  readonly stages?: Readonly<Record<string, Pick<StageEntry, 'lastEventTypes'>>>;
};

/** The projection of {@link RecordedEvents} that these events need. */
export const recordedBy = (events: readonly ServiceEvent[]): Readonly<Record<string, 1>> =>
  Object.fromEntries(
    [
      'projectName',
      'serviceName',
      ...events.flatMap((event) => [`${stagePath(event.scope.stage)}.stageName`, `${entryPath(event)}.eventId`]),
    ].map((path) => [path, 1]),
  );

/** The update of a service by those events that are news of it. */
export function updateBy(events: readonly ServiceEvent[], { projectName, serviceName, stages = {} }: RecordedEvents) {
  const changes: Record<string, unknown> = {};
  const filter: Record<string, unknown> = { projectName, serviceName };
  for (const event of events) {
    const { scope, entry } = event;
    if (scope.project !== projectName || scope.service !== serviceName) continue;
    const stage = stages[mapKey(scope.stage)];
    if (stage === undefined) continue;
    const isRecorded = stage.lastEventTypes?.[mapKey(entry.type)]?.eventId === entry.eventId;
    if (!isRecorded || entryPath(event) in changes) {
      Object.assign(changes, changesBy(event));
      Object.assign(filter, filterOf(scope));
    }
  }
  return Object.keys(changes).length === 0 ? undefined : { updateOne: { filter, update: revised({ $set: changes }) } };
}
