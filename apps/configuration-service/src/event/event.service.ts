import { noteKeptnContext } from '@keptn/service-kit';
import { Injectable } from '@nestjs/common';
import { nanosecondsNow } from '../domain/creation-date';
import { ServiceViewStore } from '../view/service-view.store';
import { ViewReader } from '../view/view-reader';
import { serviceEventOf, readEvent, unlessRefused } from './service-event';

/** Records in the view what events say about services (contract 4.10). The same event again changes nothing. */
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
  async record(body: unknown): Promise<void> {
    const event = serviceEventOf(readEvent(body), nanosecondsNow());
    if (event.entry.keptnContext !== '') {
      noteKeptnContext(event.entry.keptnContext);
    }
    if (!(await this.services.recordEvent(event))) {
      await this.reader.serviceInStage(event.scope);
    }
  }

  /**
   * Records events in their order and skips those that {@link record} would refuse.
   *
   * @param bodies structured CloudEvents
   */
  async recordEach(bodies: readonly unknown[]): Promise<void> {
    const time = nanosecondsNow();
    const events = bodies.map((body) => unlessRefused(() => serviceEventOf(readEvent(body), time)));
    await this.services.recordEvents(events.filter((event) => event !== undefined));
  }
}
