interface ErrorDescription {
  /** HTTP status of the answer. */
  readonly status: number;
  /** What has happened, and what to do about it, for the documentation. The message of an answer says it of the case at hand. */
  readonly meaning: string;
}

/**
 * Every failure that an answer can report: its stable name for programs, which never changes once released, and its status.
 * The OpenAPI documents and docs/reference/errors.md are made from this list.
 */
export const ERRORS = {
  // Of any request
  INVALID_REQUEST: { status: 400, meaning: 'The request breaks a rule; the message names the field and the rule.' },
  INVALID_JSON: { status: 400, meaning: 'The body is not JSON in UTF-8. Send valid JSON.' },
  UNSAFE_PATH: { status: 400, meaning: 'The path could be read in more than one way. Send it in its plain form.' },
  UNAUTHENTICATED: { status: 401, meaning: 'The token is missing or wrong. Send it as the header `x-token`.' },
  FORBIDDEN: { status: 403, meaning: 'The caller is known, but may not do this.' },
  INTERNAL_OPERATION: { status: 403, meaning: 'The operation is for the services of the control plane only.' },
  NOT_FOUND: { status: 404, meaning: 'The path does not exist. Look it up in the OpenAPI document.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning: 'The path exists, but not with this method; `Allow` names those it has.',
  },
  NOT_ACCEPTABLE: { status: 406, meaning: '`Accept` excludes every form of the answer; the message names them.' },
  REQUEST_TIMEOUT: {
    status: 408,
    meaning: 'The request did not arrive in time. Send it again over a faster connection.',
  },
  CONFLICT: { status: 409, meaning: 'The state of things does not permit the change; the message says which state.' },
  PRECONDITION_FAILED: {
    status: 412,
    meaning: 'A condition such as `If-Match` does not hold. Read again, then repeat.',
  },
  PAYLOAD_TOO_LARGE: { status: 413, meaning: 'The body is larger than the limit that the message names.' },
  URI_TOO_LONG: { status: 414, meaning: 'The path or a part of it is too long.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, meaning: 'The body has a type or encoding that is not read here.' },
  EXPECTATION_FAILED: { status: 417, meaning: '`Expect` asks for something other than `100-continue`.' },
  UPGRADE_REQUIRED: { status: 426, meaning: 'The path is a websocket. Connect to it with a websocket client.' },
  TOO_MANY_REQUESTS: { status: 429, meaning: 'Too many requests; `Retry-After` says when to come back.' },
  HEADERS_TOO_LARGE: { status: 431, meaning: 'The headers are too many or too large.' },
  INTERNAL_ERROR: { status: 500, meaning: 'A defect. The log of the service has more under the `X-Request-Id`.' },
  BAD_GATEWAY: { status: 502, meaning: 'A service that is needed for the answer failed.' },
  SERVICE_UNAVAILABLE: { status: 503, meaning: 'Something that is needed for the answer is away. Try again later.' },
  DATABASE_UNAVAILABLE: { status: 503, meaning: 'The database cannot be reached. Try again in a moment.' },
  GATEWAY_TIMEOUT: { status: 504, meaning: 'A service that is needed for the answer took too long.' },
  INSUFFICIENT_STORAGE: { status: 507, meaning: 'There is no space left to store this. Free some, then repeat.' },

  // Projects, stages, services
  PROJECT_NOT_FOUND: { status: 404, meaning: 'There is no project of this name.' },
  PROJECT_EXISTS: { status: 409, meaning: 'There is a project of this name. Choose another name, or delete it first.' },
  PROJECT_DELETED: { status: 404, meaning: 'The project was deleted. Create it again before sending events for it.' },
  STAGE_NOT_FOUND: { status: 404, meaning: 'The project has no stage of this name.' },
  STAGE_EXISTS: { status: 409, meaning: 'The project has a stage of this name.' },
  SERVICE_NOT_FOUND: { status: 404, meaning: 'The stage, or the project, has no service of this name.' },
  SERVICE_EXISTS: { status: 409, meaning: 'There is a service of this name.' },
  NO_STAGES: { status: 409, meaning: 'The project has no stages that a service could be created in.' },
  NAME_MISMATCH: { status: 400, meaning: 'The names in the path and in the body differ: nothing can be renamed.' },
  NOTHING_TO_UPDATE: { status: 400, meaning: 'The request changes nothing.' },
  INVALID_SHIPYARD: { status: 400, meaning: 'The shipyard cannot be used; the message names line and field.' },
  VIEW_NOT_READY: { status: 503, meaning: 'The list of projects is being compared with Git. Try again soon.' },

  // Resources
  RESOURCE_NOT_FOUND: { status: 404, meaning: 'There is no resource at this path.' },
  COMMIT_NOT_FOUND: { status: 404, meaning: 'The project has no commit of this id.' },
  RESOURCE_CHANGED: {
    status: 412,
    meaning: 'The resource is not at the version that `If-Match` names. Read it again.',
  },
  DUPLICATE_RESOURCE: { status: 400, meaning: 'The request names one resource twice.' },
  RESOURCE_PROTECTED: { status: 400, meaning: 'The file is written by the control plane itself.' },
  INVALID_RESOURCE: { status: 400, meaning: 'The path or the content of the resource cannot be used.' },
  INVALID_CHART: { status: 400, meaning: 'The Helm chart cannot be used; the message says why.' },
  INVALID_FILE: { status: 400, meaning: 'A file that Keptn reads has faults, and the request asked to be strict.' },
  REPOSITORY_DAMAGED: {
    status: 503,
    meaning: 'The Git repository is damaged. The log of the service names file and remedy.',
  },

  // Upstream repositories
  UPSTREAM_NOT_USABLE: { status: 400, meaning: 'The upstream repository cannot be used; the message says why.' },
  UPSTREAM_MOUNTED: { status: 409, meaning: 'The operator has set the upstream repository; it is changed there.' },

  // Approvals and remediations
  APPROVAL_NOT_FOUND: { status: 404, meaning: 'No approval with this id is open.' },
  APPROVAL_DECIDED: { status: 409, meaning: 'The approval was decided before; the message says by whom.' },
  REMEDIATION_NOT_FOUND: { status: 404, meaning: 'No remediation of this context is open.' },

  // Events
  INVALID_EVENT: {
    status: 400,
    meaning: 'The body is no CloudEvent that Keptn can store; the message names the field.',
  },
  RESERVED_EVENT_TYPE: { status: 400, meaning: 'Events of this type are sent by the control plane only.' },
  EVENT_NOT_FOUND: { status: 404, meaning: 'No event matches.' },
  EVENT_EXISTS: {
    status: 409,
    meaning: 'Another event with this source and id is stored. Send it with an id of its own.',
  },
  EVENT_TOO_LARGE: { status: 413, meaning: 'The event is larger than the limit that the message names.' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, meaning: 'The `Idempotency-Key` was used for another body. Use a new key.' },
  CONTEXT_NOT_FOUND: { status: 404, meaning: 'There is no event of this Keptn context.' },
  INVALID_FILTER: { status: 400, meaning: 'The filter cannot be used; the message says why.' },
  INVALID_PAGE_KEY: { status: 400, meaning: '`nextPageKey` is not the one of the page before.' },
  IMPORT_INTERRUPTED: { status: 503, meaning: 'The import stopped on our side. Send it again from the start.' },
  IMPORT_BROKEN_OFF: {
    status: 400,
    meaning: 'The import ended in the middle of a line. Send it again from the start.',
  },
  QUERY_TOO_SLOW: { status: 504, meaning: 'The query takes too long. Narrow it down.' },

  // Subscriptions
  SUBSCRIPTION_NOT_FOUND: { status: 404, meaning: 'There is no subscription of this name.' },
  SUBSCRIPTION_EXISTS: {
    status: 409,
    meaning: 'There is a subscription of this name. Choose another name, or update it.',
  },
  SUBSCRIPTION_DECLARED: {
    status: 409,
    meaning: 'The subscription is declared by the deployment (`DECLARED_SUBSCRIPTIONS`), and changed there.',
  },
  SINK_UNUSABLE: {
    status: 409,
    meaning:
      'Nothing can be delivered to the sink of the subscription: `COMMANDS_FILE` does not list its command any more, ' +
      '`SECRET_ENCRYPTION_KEYS` lacks the key of its secrets, or its template cannot be read any more. The operator puts it ' +
      'back, or the subscription is updated.',
  },
  INVALID_TEMPLATE: {
    status: 400,
    meaning: 'The template of the request cannot be used; the message says where and why.',
  },
  INVALID_SPAN: { status: 400, meaning: 'There is nothing to deliver again: the span ends before it begins.' },
  SINK_NOT_PERMITTED: {
    status: 400,
    meaning:
      'The sink is in a loopback, link-local or private network that `ALLOWED_SINK_NETWORKS` does not name, or a command that ' +
      '`COMMANDS_FILE` does not list.',
  },

  // Evaluations
  INVALID_TIME_FRAME: { status: 400, meaning: 'The time frame of the evaluation cannot be used.' },
  EVALUATION_NOT_FOUND: { status: 404, meaning: 'No evaluation has ended with an event of this id.' },
  EVALUATION_INVALIDATED: { status: 409, meaning: 'The evaluation was invalidated before; the message says why.' },
  EVALUATION_VALID: { status: 409, meaning: 'The evaluation counts; there is nothing to take back.' },
  INVALID_SLO: { status: 400, meaning: 'The SLO file cannot be used; the message names line and field.' },
  SLI_PROVIDER_NOT_BUILT_IN: {
    status: 409,
    meaning: 'The SLI provider of the project answers to events only; the message names it.',
  },
  NOTHING_TO_EVALUATE: { status: 400, meaning: 'The time frame or the service of the evaluation is missing.' },

  // Tokens
  TOKEN_NOT_FOUND: { status: 404, meaning: 'There is no token of this name that the caller manages.' },
  TOKEN_EXISTS: { status: 409, meaning: 'There is a token of this name. Choose another name, or rotate it.' },

  // The Bridge's credentials
  NO_BRIDGE_CREDENTIALS: { status: 404, meaning: 'No credentials of the Bridge are stored.' },
  CREDENTIALS_NOT_STORED: { status: 503, meaning: 'There is nowhere to store credentials. The operator sets a place.' },
} as const satisfies Readonly<Record<string, ErrorDescription>>;

/** The stable name of a failure, e.g. `PROJECT_EXISTS`. */
export type ErrorReason = keyof typeof ERRORS;

/** The names of the failures with a status. */
export type ReasonOf<Status extends number> = {
  [Reason in ErrorReason]: (typeof ERRORS)[Reason]['status'] extends Status ? Reason : never;
}[ErrorReason];

/** The first of each status says nothing but the status. */
const GENERAL = new Map(
  (Object.keys(ERRORS) as ErrorReason[]).toReversed().map((reason) => [ERRORS[reason].status as number, reason]),
);

/** @returns the reason that says no more than the status does */
export const generalReason = (status: number): ErrorReason =>
  GENERAL.get(status) ?? (status < 500 ? 'INVALID_REQUEST' : 'INTERNAL_ERROR');
