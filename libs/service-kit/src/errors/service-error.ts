import { type ErrorReason, ERRORS, generalReason, type ReasonOf } from '@keptn/api-models';

export interface ServiceErrorOptions extends ErrorOptions {
  /** Response headers that belong to this failure, e.g. `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A failure that the caller is told about, by a reason of the one list of errors and a message that says what to do.
 *
 * Domain errors extend this class; the error filter turns them into `{code, message, reason}`. Anything else that is thrown is
 * a defect: it is logged and answered as 500 without its text.
 */
export class ServiceError extends Error {
  /** HTTP status of the answer, also the `code` of its body. */
  readonly status: number;
  /** Stable name of the failure, also the `reason` of the body. */
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(reason: ErrorReason, message: string, { headers = {}, ...options }: ServiceErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.status = ERRORS[reason].status;
    this.reason = reason;
    this.headers = headers;
  }
}

/** A class for the failures of one status that need no name of their own; the general reason stands in for a missing one. */
const errorOf = <Status extends number>(status: Status) =>
  class extends ServiceError {
    constructor(message: string, options?: ServiceErrorOptions & { readonly reason?: ReasonOf<Status> }) {
      super(options?.reason ?? generalReason(status), message, options);
    }
  };

/** The request is malformed or breaks a rule; the message names the field and the rule. */
export class BadRequest extends errorOf(400) {}

/** The API token is missing or wrong. */
export class Unauthenticated extends errorOf(401) {}

/** The caller is known, but this is not for them. */
export class Forbidden extends errorOf(403) {}

/** What the path names does not exist. */
export class NotFound extends errorOf(404) {}

/** The path exists, but not with this method. */
export class MethodNotAllowed extends ServiceError {
  constructor(method: string, allowed: readonly string[]) {
    super('METHOD_NOT_ALLOWED', `method ${method} is not allowed, but [${allowed.join(',')}] are`, {
      headers: { Allow: allowed.join(', ') },
    });
  }
}

/** No form in which the answer can be given is one that the caller accepts. */
export class NotAcceptable extends errorOf(406) {}

/** Something with this name exists already, or the state does not permit the change. */
export class Conflict extends errorOf(409) {}

/** A condition of the request, such as `If-Match`, does not hold. */
export class PreconditionFailed extends errorOf(412) {}

/** The request, or a part of it, is larger than the limit named in the message. */
export class PayloadTooLarge extends errorOf(413) {}

/** The path is a websocket, and the request does not ask for one (RFC 9110 section 15.5.22). */
export class UpgradeRequired extends ServiceError {
  constructor() {
    super('UPGRADE_REQUIRED', 'this path is a websocket: connect to it with a websocket client', {
      headers: { Upgrade: 'websocket', Connection: 'Upgrade, close' },
    });
  }
}

/** Too many requests; `Retry-After` says when to come back. */
export class TooManyRequests extends ServiceError {
  /** @param headers that say more about the limit */
  constructor(message: string, retryAfterSeconds: number, headers: Readonly<Record<string, string>> = {}) {
    super('TOO_MANY_REQUESTS', message, { headers: { 'Retry-After': String(retryAfterSeconds), ...headers } });
  }
}

/** A service that is needed for the answer sent something that cannot be used. */
export class BadGateway extends errorOf(502) {}

/** A service or database that is needed for the answer cannot be reached; trying again later is right. */
export class ServiceUnavailable extends errorOf<503 | 507>(503) {}

/** There is no space left for what should be stored (RFC 4918 section 11.5); once there is, trying again is right. */
export class InsufficientStorage extends ServiceUnavailable {
  constructor(message: string, options?: ErrorOptions) {
    super(message, { ...options, reason: 'INSUFFICIENT_STORAGE' });
  }
}

/** A service that is needed for the answer did not answer in time. */
export class GatewayTimeout extends errorOf(504) {}

/** Passes on, unchanged, what another service answered. */
export class RelayedError extends ServiceError {
  override readonly status: number;
  override readonly reason: string;

  /** @param reason as in the other service's answer; the general one of the status when it gave none */
  constructor(status: number, message: string, reason: string = generalReason(status)) {
    super(generalReason(status), message);
    this.status = status;
    this.reason = reason;
  }
}
