import { isImported, KeptnEventType } from '@keptn/event-models';
import { LOGGER, Readiness, SETTINGS } from '@keptn/service-kit';
import { type Deadline, Deadlines, EventLog, FollowUps } from '@keptn/service-kit/reacting';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Logger } from 'pino';
import { ContextLog } from '../control-plane/context-log';
import { type ContextEvent } from '../decision/context-event';
import { remediationRun } from '../decision/remediation/remediation-run';
import { type Settings } from '../settings';
import { Remediations } from './remediations';

/** Between two readings of the log for remediations of replicas that are gone, in milliseconds. */
const REREAD_MS = 60_000;

/** How far back an open remediation is looked for at the start, in milliseconds: longer than any wait time that makes sense. */
const LOOK_BACK_MS = 30 * 24 * 3_600_000;

/** How long an event may take from its time to its visibility in the log, in milliseconds. */
const LATENESS_MS = 10 * 60_000;

/** Acts when the wait time of a remediation is over, or nobody answered its action. */
@Injectable()
export class RemediationDeadlines implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly deadlines: Deadlines;
  /** Contexts whose remediation was not finished when they were last looked at. */
  private readonly openContexts = new Set<string>();
  private readFrom = Date.now() - LOOK_BACK_MS;

  constructor(
    private readonly remediations: Remediations,
    private readonly contexts: ContextLog,
    private readonly log: EventLog,
    private readonly followUps: FollowUps,
    @Inject(LOGGER) logger: Logger,
    readiness: Readiness,
    @Inject(SETTINGS) { REMEDIATION }: Settings,
  ) {
    this.deadlines = new Deadlines({
      open: () => (REMEDIATION ? this.open() : none()),
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

  /** Sets the deadline of a context to what its events say. */
  async refresh(keptnContext: string, events: readonly ContextEvent[]): Promise<void> {
    const deadline = await this.deadlineOf(keptnContext, events);
    if (deadline === undefined) this.deadlines.remove(keptnContext);
    else this.deadlines.set(deadline);
  }

  private async *open(): AsyncGenerator<Deadline, void> {
    const begun = Date.now();
    const fromTime = new Date(this.readFrom).toISOString();
    for await (const triggered of this.log.events({ type: KeptnEventType.remediationTriggered, fromTime })) {
      const { shkeptncontext } = triggered;
      if (shkeptncontext && !isImported(triggered)) this.openContexts.add(shkeptncontext);
    }
    for (const context of this.openContexts) {
      const deadline = await this.deadlineOf(context, await this.contexts.eventsOf(context));
      if (deadline !== undefined) yield deadline;
    }
    this.readFrom = begun - LATENESS_MS;
  }

  private async deadlineOf(keptnContext: string, events: readonly ContextEvent[]): Promise<Deadline | undefined> {
    if (remediationRun(events)?.phase.name === 'finished') this.openContexts.delete(keptnContext);
    const deadline = await this.remediations.deadline(events);
    return deadline && { key: keptnContext, at: deadline.at, act: () => this.act(keptnContext) };
  }

  private async act(keptnContext: string): Promise<void> {
    const events = await this.contexts.eventsOf(keptnContext);
    const deadline = await this.remediations.deadline(events);
    if (deadline === undefined) return;
    if (deadline.at.getTime() > Date.now()) return this.refresh(keptnContext, events);
    const { follows } = await this.remediations.decideAtDeadline(deadline);
    await this.followUps.send(follows);
  }
}

async function* none(): AsyncGenerator<Deadline, void> {
  // Another service remedies.
}
