/**
 * A failure that the caller is told about: an HTTP status and a message that says what to do.
 *
 * Domain errors extend one of the classes below; the error filter turns them into `{code, message}`. Anything else that is
 * thrown is a defect: it is logged and answered as 500 without its text.
 */
export abstract class ServiceError extends Error {
  /** HTTP status of the answer, also the `code` of its body. */
  abstract readonly status: number;

  /** Response headers that belong to this failure, e.g. `Retry-After`. */
  readonly headers: Readonly<Record<string, string>> = {};

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The request is malformed or breaks a rule; the message names the field and the rule. */
export class BadRequest extends ServiceError {
  override readonly status = 400;
}

/** The API token is missing or wrong. */
export class Unauthenticated extends ServiceError {
  override readonly status = 401;
}

/** The caller is known, but this is not for them. */
export class Forbidden extends ServiceError {
  override readonly status = 403;
}

/** What the path names does not exist. */
export class NotFound extends ServiceError {
  override readonly status = 404;
}

/** The path exists, but not with this method. */
export class MethodNotAllowed extends ServiceError {
  override readonly status = 405;
  override readonly headers: Readonly<Record<string, string>>;

  constructor(method: string, allowed: readonly string[]) {
    super(`method ${method} is not allowed, but [${allowed.join(',')}] are`);
    this.headers = { Allow: allowed.join(', ') };
  }
}

/** No form in which the answer can be given is one that the caller accepts. */
export class NotAcceptable extends ServiceError {
  override readonly status = 406;
}

/** Something with this name exists already, or the state does not permit the change. */
export class Conflict extends ServiceError {
  override readonly status = 409;
}

/** A condition of the request, such as `If-Match`, does not hold. */
export class PreconditionFailed extends ServiceError {
  override readonly status = 412;
}

/** The request, or a part of it, is larger than the limit named in the message. */
export class PayloadTooLarge extends ServiceError {
  override readonly status = 413;
}

/** The path is a websocket, and the request does not ask for one (RFC 9110 section 15.5.22). */
export class UpgradeRequired extends ServiceError {
  override readonly status = 426;
  override readonly headers = { Upgrade: 'websocket', Connection: 'Upgrade, close' };

  constructor() {
    super('this path is a websocket: connect to it with a websocket client');
  }
}

/** Too many requests; `Retry-After` says when to come back. */
export class TooManyRequests extends ServiceError {
  override readonly status = 429;
  override readonly headers: Readonly<Record<string, string>>;

  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.headers = { 'Retry-After': String(retryAfterSeconds) };
  }
}

/** A service that is needed for the answer sent something that cannot be used. */
export class BadGateway extends ServiceError {
  override readonly status = 502;
}

/** A service or database that is needed for the answer cannot be reached; trying again later is right. */
export class ServiceUnavailable extends ServiceError {
  override readonly status: number = 503;
}

/** There is no space left for what should be stored (RFC 4918 section 11.5); once there is, trying again is right. */
export class InsufficientStorage extends ServiceUnavailable {
  override readonly status = 507;
}

/** A service that is needed for the answer did not answer in time. */
export class GatewayTimeout extends ServiceError {
  override readonly status = 504;
}

/** Passes on, unchanged, what another service answered. */
export class RelayedError extends ServiceError {
  constructor(
    override readonly status: number,
    message: string,
    override readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
