import { KeptnEventType } from '@keptn/event-models';
import { LOGGER } from '@keptn/service-kit';
import { EventLog } from '@keptn/service-kit/reacting';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { ContextLog } from '../control-plane/context-log';
import { type ContextEvent, subjectOf } from '../decision/context-event';
import { RUN_TYPES, runOf } from '../decision/run/run';
import { RunStore } from './run.store';
import { ServiceStateStore } from './service-state.store';

/** Keeps what people look at in line with the log. */
@Injectable()
export class Runs {
  readonly types: ReadonlySet<string> = new Set([...RUN_TYPES, KeptnEventType.projectCreate]);
  private rebuilding: Promise<number> | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly contexts: ContextLog,
    private readonly store: RunStore,
    private readonly states: ServiceStateStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @param events all of the context of the event */
  async record(event: ContextEvent, events: readonly ContextEvent[]): Promise<void> {
    if (event.type === KeptnEventType.projectCreate) return this.forgetEarlierProject(event);
    await this.save(events);
  }

  /**
   * Makes all of them again. Callers that ask while it runs get the same answer.
   *
   * @returns how many runs the log holds
   */
  async rebuild(): Promise<number> {
    this.rebuilding ??= this.makeAll().finally(() => {
      this.rebuilding = undefined;
    });
    return this.rebuilding;
  }

  private async makeAll(): Promise<number> {
    const begin = new Date();
    let count = 0;
    for await (const { shkeptncontext } of this.log.events({ root: 'true' })) {
      if (await this.save(await this.contexts.eventsOf(shkeptncontext))) count++;
    }
    await this.store.removeSavedBefore(begin);
    await this.states.removeSavedBefore(begin);
    this.logger.info({ runs: count }, 'the list of runs is made again from the event log');
    return count;
  }

  private async save(events: readonly ContextEvent[]): Promise<boolean> {
    const run = runOf(events);
    if (run === undefined) return false;
    await this.store.save(run, events.length);
    await this.states.save(run);
    return true;
  }

  /** Of a project of the same name that was deleted, nothing is shown. */
  private async forgetEarlierProject(created: ContextEvent): Promise<void> {
    const { project } = subjectOf(created);
    await this.store.removeOfProject(project, created.time);
    await this.states.removeOfProject(project, created.time);
  }
}
