import { KeptnEventType } from '@keptn/event-models';
import { SETTINGS } from '@keptn/service-kit';
import { EventLog } from '@keptn/service-kit/reacting';
import { Inject, Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { ContextLog } from '../control-plane/context-log';
import { ProjectFiles } from '../control-plane/project-files';
import {
  afterApprovalDeadline,
  approvalDeadline,
  type ApprovalTimes,
  declinedByService,
} from '../decision/approval/approval-deadline';
import { afterApprovalFinished } from '../decision/approval/approval-finished';
import { approvalsOf, type ApprovalState } from '../decision/approval/approval-state';
import { afterApprovalTriggered } from '../decision/approval/approval-triggered';
import {
  type ContextEvent,
  isSameEvent,
  type Subject,
  subjectOf,
  textOf,
  timeBefore,
  until,
} from '../decision/context-event';
import { type Decision, nothing } from '../decision/decision';
import { type Due, type Part, type Waiting } from '../decision/part';
import { type Settings } from '../settings';

/** How far back older approvals are looked for, in milliseconds. */
const LOOK_BACK_MS = 30 * 24 * 3_600_000;

/** Asks before an artifact goes into a stage, and lets it through. */
@Injectable()
export class Approvals implements Part {
  readonly name = 'approvals';
  readonly types = new Set([KeptnEventType.approvalTriggered, KeptnEventType.approvalFinished]);
  private readonly times: ApprovalTimes;
  private readonly supersedes: boolean;

  constructor(
    private readonly files: ProjectFiles,
    private readonly configuration: ConfigurationServiceClient,
    private readonly log: EventLog,
    private readonly contexts: ContextLog,
    @Inject(SETTINGS) { APPROVAL_REMINDER, APPROVAL_EXPIRY, APPROVAL_SUPERSEDE }: Settings,
  ) {
    this.times = { reminder: APPROVAL_REMINDER, expiry: APPROVAL_EXPIRY };
    this.supersedes = APPROVAL_SUPERSEDE;
  }

  /** Nothing unless approvals are called to mind or expire: without that they may stay open for years. */
  get waiting(): Waiting | undefined {
    const { reminder, expiry } = this.times;
    if (reminder === 0 && expiry === 0) return undefined;
    return {
      begins: KeptnEventType.approvalTriggered,
      longest: expiry,
      due: (events) => Promise.resolve(this.due(events)),
      isOver: (events) => approvalsOf(events).every(({ finished }) => finished !== undefined),
    };
  }

  async decide(event: ContextEvent, all: readonly ContextEvent[]): Promise<Decision> {
    if (event.type === KeptnEventType.approvalFinished) return afterApprovalFinished(event, until(event, all));
    const shipyard = await this.files.shipyard(subjectOf(event).project);
    const decision =
      'fault' in shipyard ? nothing(`waits for a person: ${shipyard.fault}`) : afterApprovalTriggered(event, shipyard);
    const superseded = declinedByService(
      this.supersedes ? await this.olderOpen(event) : [],
      `declined: superseded by approval ${event.id}`,
    );
    return { because: decision.because, follows: [...decision.follows, ...superseded.follows] };
  }

  private due(events: readonly ContextEvent[]): Due | undefined {
    const deadline = approvalDeadline(events, this.times, Date.now());
    return deadline && { at: deadline.at, decide: () => Promise.resolve(afterApprovalDeadline(deadline)) };
  }

  /** The approvals for the same service and stage that were asked for earlier and are open. */
  private async olderOpen(event: ContextEvent): Promise<readonly ContextEvent[]> {
    const subject = subjectOf(event);
    if (subject.service === '') return [];
    const fromTime = timeBefore(event, LOOK_BACK_MS);
    const older: ContextEvent[] = [];
    for await (const other of this.log.events({ type: KeptnEventType.approvalTriggered, ...subject, fromTime })) {
      if (isSameEvent(other, event)) break;
      older.push(other);
    }
    const open: ContextEvent[] = [];
    for (const other of await this.withoutAnswer(subject, older)) {
      const events = await this.contexts.eventsOrTooMany(other.shkeptncontext);
      if (events !== 'too many' && isOpenIn(events, other)) open.push(other);
    }
    return open;
  }

  /** Leaves out those that the answers which name them decide, so that only the contexts of a few are read. */
  private async withoutAnswer({ project }: Subject, asked: readonly ContextEvent[]): Promise<readonly ContextEvent[]> {
    const [type, values] = [KeptnEventType.approvalFinished, asked.map(({ id }) => id)];
    const answers = await this.log.among({ type, project, key: 'triggeredid', values });
    return asked.filter((triggered) => {
      const inContext = answers.filter(({ shkeptncontext }) => shkeptncontext === triggered.shkeptncontext);
      return isOpenIn([triggered, ...inContext], triggered);
    });
  }

  async updateOpenItems(changes: readonly ContextEvent[], all: readonly ContextEvent[]): Promise<void> {
    const changed = new Set(
      changes.map(({ id, type, triggeredid }) => (type === KeptnEventType.approvalTriggered ? id : triggeredid)),
    );
    for (const approval of approvalsOf(all)) {
      if (changed.has(approval.triggered.id)) await this.keep(approval);
    }
  }

  private async keep({ triggered, finished }: ApprovalState): Promise<void> {
    const subject = subjectOf(triggered);
    if (finished !== undefined) return this.configuration.closeApproval(subject, triggered.id);
    await this.configuration.openApproval(subject, {
      eventId: triggered.id,
      image: textOf(triggered, 'image'),
      keptnContext: triggered.shkeptncontext ?? '',
      tag: textOf(triggered, 'tag'),
      time: triggered.time,
    });
  }
}

const isOpenIn = (events: readonly ContextEvent[], approval: ContextEvent): boolean =>
  approvalsOf(events).some(({ triggered, finished }) => isSameEvent(triggered, approval) && finished === undefined);
