import { createHash } from 'node:crypto';
import { BadGateway, GatewayTimeout, ServiceUnavailable, TooManyRequests, Unauthenticated } from '@keptn/service-kit';
import { Pool } from 'undici';

export interface TokenCheckOptions {
  /** Base URL of api-service. */
  readonly url: string;
  /** How long an accepted token is taken as accepted, in milliseconds. */
  readonly cacheMs: number;
}

/** Milliseconds that api-service has for an answer. */
const TIMEOUT_MS = 5_000;

const CONNECTIONS = 16;

/** Without a token there is nothing to ask. Text as api-service has it (contract section 2). */
const NO_TOKEN = 'unauthenticated for invalid credentials';

/**
 * Asks api-service whether a token is right. Fails closed: whatever goes wrong, the request is refused. Only acceptance is
 * remembered, and only for a moment; requests with the same token that come at once share one question.
 */
export class TokenCheck {
  private readonly pool: Pool;
  private readonly path: string;
  private readonly acceptedUntil = new Map<string, number>();
  private readonly questions = new Map<string, Promise<void>>();

  constructor(private readonly options: TokenCheckOptions) {
    const url = new URL(options.url);
    this.path = `${url.pathname.replace(/\/+$/, '')}/v1/auth`;
    this.pool = new Pool(url.origin, {
      connections: CONNECTIONS,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      connect: { timeout: TIMEOUT_MS },
    });
  }

  /**
   * @param token the value of `x-token`, undefined when there is none
   * @throws Unauthenticated, TooManyRequests as api-service answered; ServiceUnavailable when it cannot be asked
   */
  async require(token: string | undefined): Promise<void> {
    if (token === undefined || token === '') {
      throw new Unauthenticated(NO_TOKEN);
    }
    const key = createHash('sha256').update(token).digest('base64');
    const until = this.acceptedUntil.get(key);
    if (until !== undefined && performance.now() < until) {
      return;
    }
    this.acceptedUntil.delete(key);
    await this.askOnce(key, token);
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private askOnce(key: string, token: string): Promise<void> {
    const underWay = this.questions.get(key);
    if (underWay !== undefined) {
      return underWay;
    }
    const askedAt = performance.now();
    const question = this.ask(token)
      .then(() => {
        if (this.options.cacheMs > 0) {
          this.acceptedUntil.set(key, askedAt + this.options.cacheMs);
        }
      })
      .finally(() => this.questions.delete(key));
    this.questions.set(key, question);
    return question;
  }

  private async ask(token: string): Promise<void> {
    const { statusCode, headers, body } = await this.pool
      .request({ method: 'POST', path: this.path, headers: { 'x-token': token } })
      .catch((error: unknown) => {
        throw explain(error);
      });
    const text = await body.text();
    switch (statusCode) {
      case 200:
        return;
      case 401:
      case 403:
        throw new Unauthenticated(messageOf(text));
      case 429:
        throw new TooManyRequests(messageOf(text), Number(headers['retry-after'] ?? 1));
      case 503:
        throw new ServiceUnavailable('api-service, which checks the token, is not available; try again in a moment');
      default:
        throw new BadGateway(`api-service, which checks the token, answered ${statusCode}`);
    }
  }
}

const explain = (error: unknown): Error =>
  error instanceof Error && 'code' in error && error.code === 'UND_ERR_HEADERS_TIMEOUT'
    ? new GatewayTimeout('api-service, which checks the token, did not answer in time', { cause: error })
    : new ServiceUnavailable('api-service, which checks the token, cannot be reached; try again in a moment', {
        cause: error,
      });

const messageOf = (text: string): string => {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string') {
      return body.message;
    }
  } catch {
    // Not api-service's own answer; its status is all there is to tell.
  }
  return NO_TOKEN;
};
