import { isImported } from '@keptn/event-models';
import { LOGGER, Readiness } from '@keptn/service-kit';
import { type Deadline, Deadlines, EventLog, EventRefused, FollowUps } from '@keptn/service-kit/reacting';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger } from 'pino';
import { ContextLog } from '../control-plane/context-log';
import { type ContextEvent } from '../decision/context-event';
import { type Waiting } from '../decision/part';
import { ActiveParts } from './active-parts';

/** Between two readings of the log for what replicas that are gone have waited for, in milliseconds. */
const REREAD_MS = 60_000;

/** How far back the beginning of a wait is looked for at the start beyond what settings say, in milliseconds. */
const LOOK_BACK_MS = 30 * 24 * 3_600_000;

/** How long an event may take from its time to its visibility in the log, in milliseconds. */
const LATENESS_MS = 10 * 60_000;

/** Acts when a time is over that a part waits in a context, such as the wait time of a remediation. */
@Injectable()
export class ContextDeadlines implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly deadlines: Deadlines;
  /** Contexts that were not over when they were last looked at, by what waits in them. */
  private readonly openContexts: ReadonlyMap<Waiting, Set<string>>;
  private readFrom: number;

  constructor(
    parts: ActiveParts,
    private readonly contexts: ContextLog,
    private readonly log: EventLog,
    private readonly followUps: FollowUps,
    @Inject(LOGGER) private readonly logger: Logger,
    readiness: Readiness,
  ) {
    this.readFrom = Date.now() - LOOK_BACK_MS - Math.max(0, ...parts.waiting.map(({ longest }) => longest));
    this.openContexts = new Map(parts.waiting.map((waiting) => [waiting, new Set()]));
    this.deadlines = new Deadlines({
      openDeadlines: (isWaitedFor) => this.openDeadlines(isWaitedFor),
      rereadMs: REREAD_MS,
      logger,
      readiness,
    });
  }

  onApplicationBootstrap(): void {
    this.deadlines.onApplicationBootstrap();
  }

  onModuleDestroy(): Promise<void> {
    return this.deadlines.onModuleDestroy();
  }

  /** Sets the deadlines of a context to what its events say. */
  async refresh(keptnContext: string, events: readonly ContextEvent[]): Promise<void> {
    for (const waiting of this.openContexts.keys()) {
      const deadline = await this.deadlineOf(waiting, keptnContext, events);
      if (deadline === undefined) this.deadlines.remove(keyOf(waiting, keptnContext));
      else this.deadlines.set(deadline);
    }
  }

  private async *openDeadlines(isWaitedFor: (key: string) => boolean): AsyncGenerator<Deadline, void> {
    const begun = Date.now();
    const fromTime = new Date(this.readFrom).toISOString();
    for (const [waiting, open] of this.openContexts) {
      for await (const event of this.log.events({ type: waiting.begins, fromTime })) {
        if (event.shkeptncontext && !isImported(event)) open.add(event.shkeptncontext);
      }
      for (const context of open) {
        if (isWaitedFor(keyOf(waiting, context))) continue;
        const deadline = await this.openDeadline(waiting, context);
        if (deadline !== undefined) yield deadline;
      }
    }
    this.readFrom = begun - LATENESS_MS;
  }

  private async openDeadline(waiting: Waiting, keptnContext: string): Promise<Deadline | undefined> {
    try {
      return await this.deadlineOf(waiting, keptnContext, await this.contexts.eventsOf(keptnContext));
    } catch (error) {
      if (!(error instanceof EventRefused)) throw error;
      this.logger.warn({ err: error, keptnContext }, 'nothing is waited for in a context that cannot be looked at');
      this.openContexts.get(waiting)?.delete(keptnContext);
      return undefined;
    }
  }

  private async deadlineOf(
    waiting: Waiting,
    keptnContext: string,
    events: readonly ContextEvent[],
  ): Promise<Deadline | undefined> {
    if (waiting.isOver(events)) this.openContexts.get(waiting)?.delete(keptnContext);
    const due = await waiting.due(events);
    return due && { key: keyOf(waiting, keptnContext), at: due.at, act: () => this.act(waiting, keptnContext) };
  }

  private async act(waiting: Waiting, keptnContext: string): Promise<void> {
    const due = await waiting.due(await this.contexts.eventsOf(keptnContext));
    if (due !== undefined && due.at.getTime() <= Date.now()) {
      const { follows } = await due.decide();
      const outcomes = await this.followUps.send(follows);
      // What was sent may be what the next wait begins with. Where the log takes nothing, the same is due still: the next reading of
      // the log tries again.
      if (outcomes.includes('stored')) await this.refresh(keptnContext, await this.contexts.eventsOf(keptnContext));
      return;
    }
    if (due !== undefined)
      this.deadlines.set({ ...due, key: keyOf(waiting, keptnContext), act: () => this.act(waiting, keptnContext) });
  }
}

const keyOf = ({ begins }: Waiting, keptnContext: string): string => `${begins} ${keptnContext}`;
