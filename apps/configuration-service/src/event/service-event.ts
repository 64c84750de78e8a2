import { fromStructured, InvalidEvent, type KeptnEvent } from '@keptn/event-models';
import { type ServiceScope } from '../domain/service-scope';
import { type ServiceEvent } from '../view/service-updates';
import { type EventData, eventData } from './event-data';
import { EventRefused } from './event.errors';

const DEPLOYMENT_FINISHED = 'sh.keptn.events.deployment-finished';

/**
 * What an event says about a service (contract 4.10).
 * @param time when it is recorded, in nanoseconds since 1970
 * @throws EventRefused
 */
export function serviceEventOf(event: KeptnEvent, time: string): ServiceEvent {
  const data = readData(event);
  const deployedImage = deployedImageOf(event, data);
  return {
    scope: scopeOf(data),
    entry: { type: event.type, eventId: event.id ?? '', keptnContext: event.shkeptncontext ?? '', time },
    ...(deployedImage !== undefined && { deployedImage }),
  };
}

/** @param body a structured CloudEvent @throws EventRefused */
export function readEvent(body: unknown): KeptnEvent {
  try {
    return fromStructured(body);
  } catch (error) {
    throw error instanceof InvalidEvent ? new EventRefused(error.message, { cause: error }) : error;
  }
}

/** @returns undefined for an event that is refused */
export function unlessRefused<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof EventRefused) {
      return undefined;
    }
    throw error;
  }
}

function readData({ data }: KeptnEvent): EventData {
  const result = eventData.safeParse(data);
  if (!result.success) {
    throw new EventRefused(`Could not parse event data: ${result.error.issues[0]?.message ?? 'it is no JSON object'}`);
  }
  return result.data;
}

function scopeOf({ project, stage, service }: EventData): ServiceScope {
  for (const [what, name] of Object.entries({ Project: project, Stage: stage, Service: service })) {
    if (!name) {
      throw new EventRefused(`${what} must not be empty`);
    }
  }
  // Whatever names come in, they are looked for and nothing is made of them.
  return { project, stage, service } as ServiceScope;
}

function deployedImageOf({ type }: KeptnEvent, { image, tag }: EventData): string | undefined {
  const isComplete = typeof image === 'string' && typeof tag === 'string' && image !== '' && tag !== '';
  return type === DEPLOYMENT_FINISHED && isComplete ? `${image}:${tag}` : undefined;
}
