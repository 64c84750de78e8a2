import { noteKeptnContext } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { nanosecondsNow } from '../clock/creation-date';
import { ServiceViewStore } from '../view/service-view.store';
import { ViewReader } from '../view/view-reader';
import { notedEventOf, readEvent, unlessRefused } from './noted-event';

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
    const event = notedEventOf(readEvent(body), nanosecondsNow());
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
    const time = nanosecondsNow();
    const events = bodies.map((body) => unlessRefused(() => notedEventOf(readEvent(body), time)));
    await this.services.noteEvents(events.filter((event) => event !== undefined));
  }
}
