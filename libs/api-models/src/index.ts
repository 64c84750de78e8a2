/**
 * The HTTP contract of the control plane, once: what each route takes and answers, and every error. Validation, OpenAPI
 * documents, server types and typed clients come from here. Nothing here knows HTTP frameworks or storage.
 */

export {
  type AnswerContract,
  type AnswerOf,
  type Api,
  type BodyOf,
  type HeaderContract,
  type Method,
  type ParametersOf,
  type QueryOf,
  route,
  type RouteContract,
} from './contract/route';
export { Caller, type CallerDescription, type CallerKind, type Grant, type Projects } from './access/caller';
export { ALL_SCOPES, type RequiredScope, type Role, ROLE_NAMES, ROLES, type Scope, SCOPES } from './access/scopes';
export { LINE_STREAM } from './contract/line-stream';
export { optional } from './contract/optional';

export { type ErrorBody, errorBody } from './errors/error-body';
export { type ErrorReason, ERRORS, generalReason, type ReasonOf } from './errors/error-reasons';
export { type EventContext, eventContext } from './event-context';

export { api } from './api-service/api-service';
export { type BridgeCredentials, bridgeCredentials } from './api-service/bridge';

export { type IdentityProvider } from './api-service/identity-provider';
export { AUDIT_LIMITS, type AuditEntry, type AuditOutcome, type AuditResult } from './api-service/audit';
export { type EventType } from './api-service/event-type';
export { type SystemState } from './api-service/system';
export { type CreatedToken, type NewToken, type RotatedToken, type Token } from './api-service/token';

export { type BridgeInfo } from './bridge/bridge-info';
export { bridgeApi } from './bridge/bridge';
export { type NewSession, type SessionState } from './bridge/session';

export { configurationApi } from './configuration-service/configuration-service';
export { type HistoryEntry, type HistoryPage, type HistoryQuery } from './configuration-service/history';
export { NO_FURTHER_PAGE, type PageRequest } from './configuration-service/page';
export { type ExpandedProject } from './configuration-service/project';
export {
  defaultResources,
  projectResources,
  serviceResources,
  stageResources,
  type WriteQuery,
} from './configuration-service/resource';
export {
  type DefaultVersions,
  type Resource,
  type ResourceContent,
  type ResourceList,
  type Version,
} from './configuration-service/resource.models';
export { CURRENT_VERSION, type ResourceTree, type ResourceVersion } from './configuration-service/resource-tree';
export { type ExpandedService, type ServiceWithStages } from './configuration-service/service';
export { type ExpandedStage } from './configuration-service/stage';
export { type UpstreamFields, type UpstreamState } from './configuration-service/upstream';
export { type RebuildReport } from './configuration-service/view';

export { FILTER_KEYS } from './mongodb-datastore/event';
export { batchResults, type ImportReport, NAMED_REFUSALS } from './mongodb-datastore/event.models';
export { CONTEXT_PAGE_SIZE } from './mongodb-datastore/reader';

export { receiveEvent } from './reacting/receive-event';

export { type Delivery, type DeliveryAttempt, type DeliveryOutcome } from './event-broker/delivery.models';
export { type DistributedEvent, type ExplainedDelivery } from './event-broker/explanation';
export { eventBrokerApi } from './event-broker/event-broker';
export { type SubscriptionFilter } from './event-broker/filter';
export { isPermittedWith, projectsOfFilters } from './event-broker/subscription-projects';
export {
  type ProtocolSettings,
  type CreatedSubscription,
  type NewSubscription,
  type ReplaySpan,
  type RequestTemplate,
  type RotatedSecret,
  type StartPosition,
  type Subscription,
  type SubscriptionUpdate,
  type SubscriptionSpec,
} from './event-broker/subscription.models';

export { eventLogApi } from './mongodb-datastore/mongodb-datastore';

export { type EvaluationReport, type IndicatorRow } from './lighthouse-service/evaluation.models';
export { lighthouseServiceApi } from './lighthouse-service/lighthouse-service';

export {
  type Board,
  type BoardService,
  type OpenApproval,
  type ProblemReport,
  type ProjectHealth,
  type Run,
  type RunStep,
} from './shipyard-controller/run.models';
export { shipyardControllerApi } from './shipyard-controller/shipyard-controller';
