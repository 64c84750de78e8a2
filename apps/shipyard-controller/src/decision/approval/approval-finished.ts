import { KeptnEventType } from '@keptn/event-models';
import { type ContextEvent, isSameEvent, labelsOf, mayBelongTo, subjectOf, textOf } from '../context-event';
import { type Decision, decided, GATEKEEPER, nothing } from '../decision';
import { newArtifact } from '../delivery/evaluation-done';
import { deployable } from '../delivery/image-reference';
import { approvalsOf, decisionIn, isApproving, objectionTo } from './approval-state';

/**
 * The release that an approval waits for is let through or not.
 *
 * @param events of the context, up to the approval.finished and with it
 */
export function afterApprovalFinished(finished: ContextEvent, events: readonly ContextEvent[]): Decision {
  if (!finished.triggeredid)
    return nothing('ignored: it has no triggeredid, so nothing says which approval it answers');
  const approval = approvalsOf(events).find(
    ({ triggered }) => triggered.id === finished.triggeredid && mayBelongTo(finished, triggered),
  );
  if (approval === undefined)
    return nothing(`ignored: the project has no approval.triggered ${finished.triggeredid} in the context`);
  const { triggered } = approval;
  const objection = objectionTo(finished, triggered);
  if (objection !== undefined) return nothing(`ignored, the approval stays open: ${objection}`);
  if (approval.finished !== undefined && !isSameEvent(approval.finished, finished)) {
    return nothing(`ignored: ${describeDecision(approval.finished)} came first`);
  }
  if (!isApproving(finished))
    return nothing(`not deployed into ${subjectOf(triggered).stage}: ${describeDecision(finished)}`);
  const image = textOf(triggered, 'image');
  return decided(`approved by ${deciderOf(finished)}`, [
    {
      sender: GATEKEEPER,
      // Of the approval, so that two answers lead to one deployment.
      cause: triggered,
      kind: 'deployment',
      type: KeptnEventType.configurationChange,
      data: {
        ...subjectOf(triggered),
        ...newArtifact(image === '' ? undefined : deployable({ image, tag: textOf(triggered, 'tag') })),
        labels: labelsOf(finished) ?? labelsOf(triggered),
      },
    },
  ]);
}

/** Who decided: what the answer says, else where it came from. */
export function deciderOf(finished: ContextEvent): string {
  return decisionIn(finished).decidedBy ?? finished.source;
}

export function describeDecision(finished: ContextEvent): string {
  return `${isApproving(finished) ? 'approved' : 'declined'} by ${deciderOf(finished)} at ${finished.time}`;
}
