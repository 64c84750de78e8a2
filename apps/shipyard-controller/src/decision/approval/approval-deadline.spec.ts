import { KeptnEventType } from '@keptn/event-models';
import { describe, expect, it } from 'vitest';
import { type ContextEvent } from '../context-event';
import { EventBuilder } from '../event-builder';
import { afterApprovalDeadline, approvalDeadline } from './approval-deadline';

const HOUR_MS = 3_600_000;
const TIMES = { reminder: HOUR_MS, expiry: 24 * HOUR_MS };

function open(): ContextEvent {
  const data = { stage: 'production', image: 'carts', tag: '1', result: 'pass' };
  return new EventBuilder().event(KeptnEventType.approvalTriggered, { data });
}

const after = (approval: ContextEvent, hours: number): number => Date.parse(approval.time) + hours * HOUR_MS;

describe('an open approval', () => {
  it('is called to mind again and again, and of what was missed only the latest counts', () => {
    const approval = open();
    const first = approvalDeadline([approval], TIMES, after(approval, 0.5));
    expect(first).toMatchObject({ reminder: 1, at: new Date(after(approval, 1)) });
    expect(approvalDeadline([approval], TIMES, after(approval, 5.5))).toMatchObject({ reminder: 5 });

    const sent = {
      ...approval,
      id: 'a-reminder',
      type: KeptnEventType.approvalReminder,
      triggeredid: approval.id,
      data: { reminder: 5 },
    };
    const next = approvalDeadline([approval, sent], TIMES, after(approval, 5.6));
    expect(next).toMatchObject({ reminder: 6, at: new Date(after(approval, 6)) });
  });

  it('is called to mind at its time, whatever number a sender claims that the last reminder had', () => {
    const approval = open();
    const claimed = {
      ...approval,
      id: 'claimed',
      type: KeptnEventType.approvalReminder,
      triggeredid: approval.id,
      data: { reminder: 1e300 },
    };
    const next = approvalDeadline([approval, claimed], TIMES, after(approval, 5.6));
    expect(next).toMatchObject({ reminder: 6, at: new Date(after(approval, 6)) });
  });

  it('expires, also while nobody was there to call it to mind', () => {
    const approval = open();
    const deadline = approvalDeadline([approval], TIMES, after(approval, 50));
    expect(deadline).toEqual({ triggered: approval, at: new Date(after(approval, 24)) });
    const [answer] = deadline === undefined ? [] : afterApprovalDeadline(deadline).follows;
    expect(answer).toMatchObject({
      type: KeptnEventType.approvalFinished,
      triggeredid: approval.id,
      data: { approval: { result: 'failed', status: 'succeeded', decidedBy: 'gatekeeper-service' } },
    });
  });

  it('waits for ever unless the operator sets a time', () => {
    const approval = open();
    expect(approvalDeadline([approval], { reminder: 0, expiry: 0 }, after(approval, 500))).toBeUndefined();
  });

  it('that is decided waits for nothing', () => {
    const approval = open();
    const answer = {
      ...approval,
      id: 'an-answer',
      type: KeptnEventType.approvalFinished,
      triggeredid: approval.id,
      data: { approval: { result: 'failed', status: 'succeeded' } },
    };
    expect(approvalDeadline([approval, answer], TIMES, after(approval, 500))).toBeUndefined();
  });
});
