import { type z } from 'zod';
import { type KeptnEvent } from '../envelope/keptn-event';
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
  [KeptnEventType.approvalTriggered]: delivery.approvalTriggeredData,
  [KeptnEventType.approvalFinished]: delivery.approvalFinishedData,
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

/** The data of an event together with its type, which tells the members apart. */
export type KeptnEventData = {
  [Type in KeptnEventType]: { readonly type: Type; readonly data: DataOf<Type> };
}[KeptnEventType];

/**
 * Type and data of an event that is in the catalogue and whose data has the documented form.
 * @returns undefined for foreign types and for data of another form
 */
export function keptnEventDataOf({ type, data }: Pick<KeptnEvent, 'type' | 'data'>): KeptnEventData | undefined {
  if (!isCatalogued(type)) return undefined;
  const result = keptnEventData[type].safeParse(data);
  return result.success ? { type, data: result.data } : undefined;
}

function isCatalogued(type: string): type is KeptnEventType {
  return Object.hasOwn(keptnEventData, type);
}
