import { type Caller } from '@keptn/api-models';
import { KeptnEventType } from '@keptn/event-models';
import { EventLog, FollowUps, followUpId } from '@keptn/service-kit/reacting';
import { Injectable } from '@nestjs/common';
import { ContextLog } from '../control-plane/context-log';
import { describeDecision } from '../decision/approval/approval-finished';
import { approvalsOf, decisionIn } from '../decision/approval/approval-state';
import { answerTo, APPROVAL_ANSWER } from '../decision/approval/approval-triggered';
import { type ContextEvent, subjectOf } from '../decision/context-event';
import { GATEKEEPER } from '../decision/decision';
import { ApprovalDecided, ApprovalNotFound } from './approval.errors';

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
   * @throws ApprovalNotFound, ApprovalDecided
   */
  async decide(eventId: string, decision: PersonalDecision, caller: Caller): Promise<string> {
    const triggered = await this.log.event(eventId);
    if (triggered?.type !== KeptnEventType.approvalTriggered) throw new ApprovalNotFound(eventId);
    if (!caller.may('event:write', subjectOf(triggered).project)) throw new ApprovalNotFound(eventId);
    const earlier = await this.deciding(triggered);
    if (earlier !== undefined) return sameOrRefused(earlier, decision);
    await this.followUps.send([
      answerTo(triggered, { ...decision, status: 'succeeded' }, `decided by ${decision.decidedBy}`),
    ]);
    const counting = await this.deciding(triggered);
    return counting === undefined
      ? followUpId(GATEKEEPER, triggered, APPROVAL_ANSWER)
      : sameOrRefused(counting, decision);
  }

  /** The answer that counts. */
  private async deciding(triggered: ContextEvent): Promise<ContextEvent | undefined> {
    const events = await this.contexts.eventsOf(triggered.shkeptncontext);
    return approvalsOf(events).find((approval) => approval.triggered.id === triggered.id)?.finished;
  }
}

function sameOrRefused(finished: ContextEvent, { result, decidedBy }: PersonalDecision): string {
  const made = decisionIn(finished);
  if (made.decidedBy !== decidedBy || made.result !== result) throw new ApprovalDecided(describeDecision(finished));
  return finished.id;
}
