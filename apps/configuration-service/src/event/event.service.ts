import { type KeptnEvent } from '@keptn/event-models';
import { Injectable } from '@nestjs/common';
import { nanosecondsNow } from '../clock/creation-date';
import { type ServicePlace, ServiceViewStore } from '../view/service-view.store';
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

  /** @throws EventRefused, ProjectNotFound, StageNotFound, ServiceNotFound */
  async note(event: KeptnEvent): Promise<void> {
    const data = readData(event);
    const place = placeOf(data);
    const entry = {
      type: event.type,
      eventId: event.id ?? '',
      keptnContext: event.shkeptncontext ?? '',
      time: nanosecondsNow(),
    };
    if (!(await this.services.noteEvent(place, entry, deployedImageOf(event, data)))) {
      await this.reader.serviceInStage(place);
    }
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
