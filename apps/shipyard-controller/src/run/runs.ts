import { KeptnEventType } from '@keptn/event-models';
import { LOGGER, ServiceError } from '@keptn/service-kit';
import { EventLog, type NumberedEvent } from '@keptn/service-kit/reacting';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { ContextLog } from '../control-plane/context-log';
import { ProjectFiles } from '../control-plane/project-files';
import { type ContextEvent, isSameEvent, subjectOf } from '../decision/context-event';
import { needsFirstStage, type Run, RUN_TYPES, runOf } from '../decision/run/run';
import { RunStore } from './run.store';
import { type ServiceStates, ServiceStateStore, takeStatesOf } from './service-state.store';

/** What happened before one of these, happened in a project that is gone. */
const PROJECT_LIFE: ReadonlySet<string> = new Set([KeptnEventType.projectCreate, KeptnEventType.projectDelete]);

/** Keeps what people look at in line with the log. */
@Injectable()
export class Runs {
  readonly types: ReadonlySet<string> = new Set([...RUN_TYPES, ...PROJECT_LIFE]);
  private rebuilding: Promise<number> | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly contexts: ContextLog,
    private readonly files: ProjectFiles,
    private readonly store: RunStore,
    private readonly states: ServiceStateStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @param changes events of one context that have come
   * @param events all of the context
   */
  async record(changes: readonly ContextEvent[], events: readonly NumberedEvent[]): Promise<void> {
    for (const change of changes) if (PROJECT_LIFE.has(change.type)) await this.forgetEarlierProject(change);
    const changesOfRun = changes.filter(({ type }) => RUN_TYPES.has(type));
    const run = changesOfRun.length === 0 ? undefined : await this.runOf(events);
    if (run === undefined) return;
    await this.store.save(run, events);
    // What earlier events have said of services was saved when they came.
    const times = changesOfRun.map((change) => events.find((event) => isSameEvent(event, change))?.time ?? change.time);
    await this.states.save(run, new Set(times));
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
    const states: ServiceStates = new Map();
    let count = 0;
    for await (const { shkeptncontext } of this.log.events({ root: 'true' })) {
      const run = shkeptncontext && (await this.make(shkeptncontext, begin));
      if (!run) continue;
      count++;
      takeStatesOf(run, states);
    }
    await this.store.removeSavedBefore(begin);
    await this.states.replace(states, begin);
    this.logger.info({ runs: count }, 'the list of runs is made again from the event log');
    return count;
  }

  private async make(keptnContext: string, rebuiltSince: Date): Promise<Run | undefined> {
    const events = await this.contexts.eventsOrTooMany(keptnContext);
    if (events === 'too many') {
      await this.store.keep(keptnContext);
      await this.states.keep(keptnContext);
      return undefined;
    }
    const run = await this.runOf(events);
    if (run !== undefined) await this.store.save(run, events, rebuiltSince);
    return run;
  }

  private async runOf(events: readonly NumberedEvent[]): Promise<Run | undefined> {
    const run = runOf(events);
    return run !== undefined && needsFirstStage(run) ? runOf(events, await this.firstStageOf(run.project)) : run;
  }

  /** Empty when nothing says so now: what people look at must not wait for configuration-service. */
  private async firstStageOf(project: string): Promise<string> {
    try {
      const shipyard = await this.files.shipyard(project);
      return 'fault' in shipyard ? '' : (shipyard.stages[0]?.name ?? '');
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.logger.debug({ err: error, project }, 'a run is made without the first stage of its project');
      return '';
    }
  }

  /** Of a project that was deleted nothing is shown, and nothing in a new one of its name. */
  private async forgetEarlierProject(changed: ContextEvent): Promise<void> {
    const { project } = subjectOf(changed);
    await this.store.removeOfProject(project, changed.time);
    await this.states.removeOfProject(project, changed.time);
  }
}
