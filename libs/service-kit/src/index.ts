/**
 * What every service of the control plane repeats, written once. Of the domain it knows only what is in every request and page: the
 * Keptn context that log lines and calls carry, and the paths of the original's documentation.
 */
export { type AuditTrail } from './access/audit-trail';
export { type Authenticated, authenticationOf, type RequestGuard } from './access/authentication';
export { CurrentCaller } from './access/current-caller.decorator';
export { ON_BEHALF_HEADER } from './access/headers';
export { NotPermitted, requireScope } from './access/permission';
export * from './errors/service-error';
export { describeError } from './errors/describe-error';
export { toErrorBody } from './errors/error-body';
export { type FailureDescription, KnownFailures } from './errors/known-failures';
export {
  booleanSetting,
  commonSettings,
  type CommonSettings,
  integerSetting,
  InvalidSettings,
  millisecondsSetting,
  portSetting,
  readSettings,
  tokenSetting,
  urlListSetting,
  urlSetting,
} from './settings/settings';
export { currentRequestContext, noteChange, noteKeptnContext } from './logging/request-context';
export { isTraceparent, newTraceparent } from './logging/trace-context';
export { HttpClient, type HttpAnswer, type HttpClientOptions, type HttpRequest } from './client/http-client';
export { streamedText } from './client/streamed-text';
export { mayPause, MOST_WAITING, pausingWhereItMay } from './client/pausing';
export { AddressNotPermitted, permittedLookup, requirePermitted } from './client/permitted-lookup';
export { isNetwork, networksSetting, PermittedNetworks } from './client/permitted-networks';
export { ServiceClient, type ServiceClientOptions, type ServiceRequest } from './client/service-client';
export { Readiness, type ReadinessCheck, type ReadinessReport } from './health/readiness';
export { Metrics } from './metrics/metrics';
export { Route } from './openapi/route.decorator';
export { documentedOnly } from './openapi/documented-only';
export { type OpenApiDescription } from './openapi/openapi';
export { API_VERSION, SWAGGER_UI_OPTIONS } from './openapi/swagger-ui';
export { isDocumentation, PROBE_ROUTES } from './http/public-routes';
export { refuseTunnels, requireServable } from './http/unserved-requests';
export { withRoomForAdditions } from './http/body-limit';
export { acceptedMediaType } from './http/accepted-media-type';
export { limitBodyTime } from './http/body-deadline';
export { answerOnConnection } from './http/client-errors';
export { requestIdOf, type ServerFactory } from './http/fastify-adapter';
export { asksForWebSocket, serveWithoutUpgrade } from './http/upgrade';
export { isLineStream } from './http/line-stream';
export {
  type AuditMakings,
  type Injector,
  type RunningService,
  type ServiceContext,
  type ServiceDefinition,
  startService,
} from './service';
export { LOGGER, SETTINGS } from './service-kit.module';
export { runService } from './run';
export { GroupCommit, type GroupLimits } from './work/group-commit';
export { pause, RepeatedTask } from './work/repeated-task';
