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
export { optional } from './contract/optional';

export { type ErrorBody, errorBody } from './errors/error-body';
export { type ErrorReason, ERRORS, generalReason, type ReasonOf } from './errors/error-reasons';
export { type EventContext, eventContext } from './event-context';

export { api } from './api/api';
