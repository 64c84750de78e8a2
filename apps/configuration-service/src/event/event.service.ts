import { fromStructured, InvalidEvent, type KeptnEvent } from '@keptn/event-models';
import { noteKeptnContext } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { nanosecondsNow } from '../clock/creation-date';
import { type NotedEvent, type ServicePlace, ServiceViewStore } from '../view/service-view.store';
import { ViewReader } from '../view/view-reader';
import { type EventData, eventData } from './event.dto';
import { EventRefused } from './event.errors';

const DEPLOYMENT_FINISHED = 'sh.keptn.events.deployment-finished';

/** Notes in the view what events say about services (contract 4.10). The same event again changes nothing. */
@Injectable()
export class EventService {
  constructor(
    private readonly reader: ViewReader,
    private readonly services: ServiceViewStore,
  ) {}

  /**
   * @param body a structured CloudEvent
   * @throws EventRefused, ProjectNotFound, StageNotFound, ServiceNotFound
   */
  async note(body: unknown): Promise<void> {
    const event = notedEventOf(body);
    if (event.entry.keptnContext !== '') {
      noteKeptnContext(event.entry.keptnContext);
    }
    if (!(await this.services.noteEvent(event))) {
      await this.reader.serviceInStage(event.place);
    }
  }

  /**
   * Notes events in their order and passes over those that {@link note} would refuse.
   *
   * @param bodies structured CloudEvents
   */
  async noteEach(bodies: readonly unknown[]): Promise<void> {
    await this.services.noteEvents(bodies.flatMap((body) => acceptable(body) ?? []));
  }
}

function acceptable(body: unknown): NotedEvent | undefined {
  try {
    return notedEventOf(body);
  } catch (error) {
    if (error instanceof EventRefused) {
      return undefined;
    }
    throw error;
  }
}

/** @throws EventRefused */
function notedEventOf(body: unknown): NotedEvent {
  const event = readEvent(body);
  const data = readData(event);
  const deployedImage = deployedImageOf(event, data);
  return {
    place: placeOf(data),
    entry: {
      type: event.type,
      eventId: event.id ?? '',
      keptnContext: event.shkeptncontext ?? '',
      time: nanosecondsNow(),
    },
    ...(deployedImage !== undefined && { deployedImage }),
  };
}

function readEvent(body: unknown): KeptnEvent {
  try {
    return fromStructured(body);
  } catch (error) {
    throw error instanceof InvalidEvent ? new EventRefused(error.message, { cause: error }) : error;
  }
}

function readData({ data }: KeptnEvent): EventData {
  const result = eventData.safeParse(data);
  if (!result.success) {
    throw new EventRefused(`Could not parse event data: ${result.error.issues[0]?.message ?? 'it is no JSON object'}`);
  }
  return result.data;
}

function placeOf({ project, stage, service }: EventData): ServicePlace {
  for (const [what, name] of Object.entries({ Project: project, Stage: stage, Service: service })) {
    if (!name) {
      throw new EventRefused(`${what} must not be empty`);
    }
  }
  // Whatever names come in, they are looked for and nothing is made of them.
  return { projectName: project, stageName: stage, serviceName: service } as ServicePlace;
}

function deployedImageOf({ type }: KeptnEvent, { image, tag }: EventData): string | undefined {
  const isComplete = typeof image === 'string' && typeof tag === 'string' && image !== '' && tag !== '';
  return type === DEPLOYMENT_FINISHED && isComplete ? `${image}:${tag}` : undefined;
}
