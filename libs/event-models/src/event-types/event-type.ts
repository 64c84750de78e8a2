/** The event types of Keptn 0.7, by name. */
export const KeptnEventType = {
  projectCreate: 'sh.keptn.internal.event.project.create',
  projectDelete: 'sh.keptn.internal.event.project.delete',
  serviceCreate: 'sh.keptn.internal.event.service.create',
  serviceDelete: 'sh.keptn.internal.event.service.delete',
  configurationChange: 'sh.keptn.event.configuration.change',
  deploymentFinished: 'sh.keptn.events.deployment-finished',
  testsFinished: 'sh.keptn.events.tests-finished',
  startEvaluation: 'sh.keptn.event.start-evaluation',
  getSli: 'sh.keptn.internal.event.get-sli',
  getSliDone: 'sh.keptn.internal.event.get-sli.done',
  evaluationDone: 'sh.keptn.events.evaluation-done',
  evaluationInvalidated: 'sh.keptn.events.evaluation.invalidated',
  evaluationRevalidated: 'sh.keptn.events.evaluation.revalidated',
  approvalTriggered: 'sh.keptn.event.approval.triggered',
  approvalFinished: 'sh.keptn.event.approval.finished',
  /** Ours: calls an open approval to mind. */
  approvalReminder: 'sh.keptn.event.approval.reminder',
  /** Ours: how the delivery of an event to a subscription ended, for subscriptions that report it. */
  deliveryFinished: 'sh.keptn.internal.event.delivery.finished',
  monitoringConfigure: 'sh.keptn.event.monitoring.configure',
  problemOpen: 'sh.keptn.event.problem.open',
  problem: 'sh.keptn.events.problem',
  remediationTriggered: 'sh.keptn.event.remediation.triggered',
  remediationStarted: 'sh.keptn.event.remediation.started',
  remediationStatusChanged: 'sh.keptn.event.remediation.status.changed',
  remediationFinished: 'sh.keptn.event.remediation.finished',
  actionTriggered: 'sh.keptn.event.action.triggered',
  actionStarted: 'sh.keptn.event.action.started',
  actionFinished: 'sh.keptn.event.action.finished',
  log: 'sh.keptn.events.log',
} as const;
export type KeptnEventType = (typeof KeptnEventType)[keyof typeof KeptnEventType];

/**
 * The type of the event that declares events of a type invalid: the last dotted segment becomes `invalidated`, except
 * that `evaluation-done` has always been answered by `evaluation.invalidated`.
 */
export function invalidatedTypeOf(type: string): string {
  if (type === KeptnEventType.evaluationDone) return KeptnEventType.evaluationInvalidated;
  return type.slice(0, type.lastIndexOf('.') + 1) + 'invalidated';
}

/** The type of the event that takes back what one of {@link invalidatedTypeOf} declared. */
export function revalidatedTypeOf(type: string): string {
  return invalidatedTypeOf(type).replace(/invalidated$/, 'revalidated');
}
