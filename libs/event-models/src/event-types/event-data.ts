import { type z } from 'zod';
import * as delivery from './delivery-data';
import * as evaluation from './evaluation-data';
import { KeptnEventType } from './event-type';
import * as project from './project-and-service-data';
import * as remediation from './remediation-data';

/**
 * The data of each event type, for types, examples and documentation. All named fields may be absent or `null` and
 * unknown ones are kept; events are stored whether their data fits or not.
 */
export const keptnEventData = {
  [KeptnEventType.projectCreate]: project.projectCreateData,
  [KeptnEventType.projectDelete]: project.projectDeleteData,
  [KeptnEventType.serviceCreate]: project.serviceCreateData,
  [KeptnEventType.serviceDelete]: project.serviceDeleteData,
  [KeptnEventType.configurationChange]: delivery.configurationChangeData,
  [KeptnEventType.deploymentFinished]: delivery.deploymentFinishedData,
  [KeptnEventType.testsFinished]: delivery.testsFinishedData,
  [KeptnEventType.startEvaluation]: evaluation.startEvaluationData,
  [KeptnEventType.getSli]: evaluation.getSliData,
  [KeptnEventType.getSliDone]: evaluation.getSliDoneData,
  [KeptnEventType.evaluationDone]: evaluation.evaluationDoneData,
  [KeptnEventType.evaluationInvalidated]: evaluation.evaluationInvalidatedData,
  [KeptnEventType.evaluationRevalidated]: evaluation.evaluationRevalidatedData,
  [KeptnEventType.approvalTriggered]: delivery.approvalTriggeredData,
  [KeptnEventType.approvalFinished]: delivery.approvalFinishedData,
  [KeptnEventType.approvalReminder]: delivery.approvalReminderData,
  [KeptnEventType.deliveryFinished]: delivery.deliveryFinishedData,
  [KeptnEventType.monitoringConfigure]: project.monitoringConfigureData,
  [KeptnEventType.problemOpen]: remediation.problemData,
  [KeptnEventType.problem]: remediation.problemData,
  [KeptnEventType.remediationTriggered]: remediation.remediationTriggeredData,
  [KeptnEventType.remediationStarted]: remediation.remediationStartedData,
  [KeptnEventType.remediationStatusChanged]: remediation.remediationStatusChangedData,
  [KeptnEventType.remediationFinished]: remediation.remediationFinishedData,
  [KeptnEventType.actionTriggered]: remediation.actionTriggeredData,
  [KeptnEventType.actionStarted]: remediation.actionStartedData,
  [KeptnEventType.actionFinished]: remediation.actionFinishedData,
  [KeptnEventType.log]: project.logData,
} as const satisfies Record<KeptnEventType, z.ZodType>;

/** The data of events of one type. */
export type DataOf<Type extends KeptnEventType> = z.infer<(typeof keptnEventData)[Type]>;
