import { isExactNumber, isImported, KeptnEventType, numberOf } from '@keptn/event-models';
import { type ContextEvent, fieldsOf, labelsOf, subjectOf, textOf } from '../context-event';
import { type Decision, decided, GATEKEEPER } from '../decision';
import { approvalsOf } from './approval-state';
import { answerTo } from './approval-triggered';

/** In milliseconds; 0 for never. */
export interface ApprovalTimes {
  readonly reminder: number;
  readonly expiry: number;
}

export interface ApprovalDeadline {
  readonly triggered: ContextEvent;
  readonly at: Date;
  /** Number of the reminder, from 1; absent when the approval expires. */
  readonly reminder?: number;
}

/**
 * What is due first for the open approvals of a context. Of reminders that were missed only the latest is due.
 *
 * @param now milliseconds since 1970
 */
export function approvalDeadline(
  events: readonly ContextEvent[],
  times: ApprovalTimes,
  now: number,
): ApprovalDeadline | undefined {
  const deadlines = approvalsOf(events)
    .filter(({ triggered, finished }) => finished === undefined && !isImported(triggered))
    .flatMap(({ triggered }) => [...expiryOf(triggered, times), ...reminderOf(triggered, events, times, now)]);
  return deadlines.toSorted((one, other) => one.at.getTime() - other.at.getTime())[0];
}

function expiryOf(triggered: ContextEvent, { expiry }: ApprovalTimes): readonly ApprovalDeadline[] {
  return expiry === 0 ? [] : [{ triggered, at: new Date(Date.parse(triggered.time) + expiry) }];
}

function reminderOf(
  triggered: ContextEvent,
  events: readonly ContextEvent[],
  { reminder: interval, expiry }: ApprovalTimes,
  now: number,
): readonly ApprovalDeadline[] {
  if (interval === 0) return [];
  const since = Date.parse(triggered.time);
  // Who is late for both has nothing to call to mind any more.
  if (expiry !== 0 && now >= since + expiry) return [];
  const due = Math.floor((now - since) / interval);
  const reminder = Math.max(Math.min(latestReminder(triggered, events), due) + 1, due);
  return [{ triggered, reminder, at: new Date(since + reminder * interval) }];
}

function latestReminder({ id }: ContextEvent, events: readonly ContextEvent[]): number {
  const numbers = events
    .filter(({ type, triggeredid }) => type === KeptnEventType.approvalReminder && triggeredid === id)
    .map((event) => fieldsOf(event)['reminder']);
  return Math.max(
    0,
    ...numbers.map((value) => (typeof value === 'number' || isExactNumber(value) ? numberOf(value) : 0)),
  );
}

/** What follows when the time of a deadline has come. */
export function afterApprovalDeadline({ triggered, reminder }: ApprovalDeadline): Decision {
  const { stage } = subjectOf(triggered);
  if (reminder === undefined)
    return declinedByService([triggered], `declined: nobody has decided since ${triggered.time}`);
  return decided(`the approval for ${stage} is open since ${triggered.time}`, [
    {
      sender: GATEKEEPER,
      cause: triggered,
      kind: `reminder ${reminder}`,
      type: KeptnEventType.approvalReminder,
      triggeredid: triggered.id,
      data: {
        ...subjectOf(triggered),
        image: textOf(triggered, 'image'),
        tag: textOf(triggered, 'tag'),
        labels: labelsOf(triggered),
        reminder,
      },
    },
  ]);
}

/** Open approvals are declined, since something else has made them pointless. */
export function declinedByService(approvals: readonly ContextEvent[], because: string): Decision {
  const answer = { result: 'failed', status: 'succeeded', decidedBy: GATEKEEPER };
  return { because, follows: approvals.map((triggered) => answerTo(triggered, answer, because)) };
}
