import { type Caller } from '@keptn/api-models';
import { KeptnEventType } from '@keptn/event-models';
import { EventLog, FollowUps, type StoreOutcome } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';
import { ContextLog } from '../control-plane/context-log';
import { describeDecision } from '../decision/approval/approval-finished';
import { approvalsOf, decisionIn } from '../decision/approval/approval-state';
import { answerTo } from '../decision/approval/approval-triggered';
import { type ContextEvent, subjectOf } from '../decision/context-event';
import { ApprovalDecided, ApprovalNotFound, ApprovalUndecidable } from './approval.errors';

export interface PersonalDecision {
  readonly result: 'pass' | 'failed';
  readonly decidedBy: string;
}

/** Decisions that people make. */
@Injectable()
export class ApprovalService {
  constructor(
    private readonly log: EventLog,
    private readonly contexts: ContextLog,
    private readonly followUps: FollowUps,
  ) {}

  /**
   * Decides an approval. The id of the answer derives from the approval, so that the log keeps one of two at the same moment.
   *
   * @returns the id of the approval.finished event
   * @throws ApprovalNotFound, ApprovalDecided, ApprovalUndecidable
   */
  async decide(eventId: string, decision: PersonalDecision, caller: Caller): Promise<string> {
    const triggered = await this.log.event(eventId);
    if (triggered?.type !== KeptnEventType.approvalTriggered) throw new ApprovalNotFound(eventId);
    if (!caller.may('event:write', subjectOf(triggered).project)) throw new ApprovalNotFound(eventId);
    if (!triggered.shkeptncontext) throw new ApprovalUndecidable(eventId, WITHOUT_CONTEXT);
    const earlier = await this.deciding(triggered);
    if (earlier !== undefined) return sameOrRefused(earlier, decision);
    const [outcome] = await this.followUps.send([
      answerTo(triggered, { ...decision, status: 'succeeded' }, `decided by ${decision.decidedBy}`),
    ]);
    const counting = await this.deciding(triggered);
    if (counting === undefined) throw withoutEffect(eventId, outcome);
    return sameOrRefused(counting, decision);
  }

  /** The answer that counts. */
  private async deciding(triggered: ContextEvent): Promise<ContextEvent | undefined> {
    const events = await this.contexts.eventsOf(triggered.shkeptncontext);
    return approvalsOf(events).find((approval) => approval.triggered.id === triggered.id)?.finished;
  }
}

const WITHOUT_CONTEXT =
  'it has no Keptn context, so no deployment would follow; send approval.triggered again with a shkeptncontext';

const NOT_STORED =
  'the event log refuses the answer, which repeats the labels of the approval; send an approval.finished event with fewer of them';

/** Why an answer does not count: the log has not taken it, or the approval has left the log meanwhile. */
function withoutEffect(eventId: string, outcome: StoreOutcome | undefined): Error {
  const isRefused = outcome === 'invalid' || outcome === 'stored before';
  return isRefused ? new ApprovalUndecidable(eventId, NOT_STORED) : new ApprovalNotFound(eventId);
}

function sameOrRefused(finished: ContextEvent, { result, decidedBy }: PersonalDecision): string {
  const made = decisionIn(finished);
  if (made.decidedBy !== decidedBy || made.result !== result) throw new ApprovalDecided(describeDecision(finished));
  return finished.id;
}
