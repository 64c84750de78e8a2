import { hash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { IDENTITY_HEADER, LoginRateLimiter } from '@keptn/auth';
import {
  BadGateway,
  Forbidden,
  GatewayTimeout,
  HttpClient,
  ServiceUnavailable,
  TooManyRequests,
  Unauthenticated,
} from '@keptn/service-kit';
import { LRUCache } from 'lru-cache';
import { type Admission, admissionOf } from '../request/admission';

export interface TokenCheckOptions {
  /** Base URL of api-service. */
  readonly url: string;
  /** How long an accepted token is taken as accepted, in milliseconds. */
  readonly cacheMs: number;
  /** Wrong tokens that a client may try in a minute. */
  readonly failuresPerMinute: number;
}

/** Who is asked, in messages. */
const NAME = 'api-service, which checks the token,';

/** Milliseconds that api-service has for an answer. */
const TIMEOUT_MS = 5_000;

const CONNECTIONS = 16;

/** The shared token, named ones, and what people sign in with; of more, those not used the longest are asked about again. */
const MAX_REMEMBERED_TOKENS = 5_000;

/** A token that is revoked is refused within two seconds; the shared one is never revoked, but the identity that it stands for ends. */
const LONGEST_MS = { named: 1_000, shared: 30_000 };

interface Accepted {
  readonly admission: Admission;
  /** How long it holds, by the clock of `performance`. */
  readonly until: number;
}

/** The tokens themselves are not kept, and a look-up tells nothing about them by the time that it takes. */
const keyOf = (token: string): string => hash('sha256', token, 'base64');

/** Without a token there is nothing to ask. Text as api-service has it (contract section 2). */
const NO_TOKEN = 'unauthenticated for invalid credentials';

/**
 * Asks api-service whether a token is right. Fails closed: whatever goes wrong, the request is refused. Only acceptance is
 * remembered, and only for a moment; requests with the same token that come at once share one question. A token that has
 * been right before is asked about at once, any other as fast as guessing is permitted: so nobody is locked out by others who
 * guess from the same address.
 */
export class TokenCheck {
  private readonly http: HttpClient;
  private readonly attempts: LoginRateLimiter;
  /** By hash of the token; past ones show that it was right before. */
  private readonly accepted = new LRUCache<string, Accepted>({ max: MAX_REMEMBERED_TOKENS });
  private readonly questions = new Map<string, Promise<Admission>>();

  constructor(private readonly options: TokenCheckOptions) {
    this.attempts = new LoginRateLimiter({ perMinute: options.failuresPerMinute });
    this.http = new HttpClient({ name: NAME, url: options.url, timeoutMs: TIMEOUT_MS, connections: CONNECTIONS });
  }

  /** What api-service said of the token a moment ago, so that nobody needs to be asked; undefined when somebody does. */
  knownAdmission(token: string | undefined): Admission | undefined {
    if (token === undefined || this.options.cacheMs === 0) {
      return undefined;
    }
    const known = this.accepted.get(keyOf(token));
    return known !== undefined && performance.now() < known.until ? known.admission : undefined;
  }

  /**
   * @param token the value of `x-token`, undefined when there is none
   * @param client address of the client, whose wrong tokens are counted
   * @returns as whom the request goes on
   * @throws Unauthenticated, Forbidden, TooManyRequests as api-service answered; TooManyRequests when the client guesses too fast;
   *   ServiceUnavailable when api-service cannot be asked
   */
  async require(token: string | undefined, client: string): Promise<Admission> {
    if (token === undefined || token === '') {
      throw new Unauthenticated(NO_TOKEN);
    }
    const key = keyOf(token);
    return this.shared(key, () =>
      this.accepted.has(key) ? this.ask(key, token, client) : this.askInTurn(key, token, client),
    );
  }

  /** @returns false when api-service refuses the token; true also when it cannot be asked */
  async stillCounts(token: string): Promise<boolean> {
    if (this.knownAdmission(token) !== undefined) return true;
    try {
      const key = keyOf(token);
      await this.shared(key, () => this.ask(key, token));
      return true;
    } catch (error) {
      return !(error instanceof Unauthenticated);
    }
  }

  close(): Promise<void> {
    return this.http.close();
  }

  /** The question about a token that is under way, or a new one. */
  private shared(key: string, begin: () => Promise<Admission>): Promise<Admission> {
    const underWay = this.questions.get(key);
    if (underWay !== undefined) return underWay;
    const question = begin().finally(() => this.questions.delete(key));
    this.questions.set(key, question);
    return question;
  }

  /** Asks when the client may guess. */
  private async askInTurn(key: string, token: string, client: string): Promise<Admission> {
    const waitMs = this.attempts.count(client);
    if (waitMs > 0) await delay(waitMs);
    try {
      const admission = await this.ask(key, token, client);
      this.attempts.takeBack(client);
      return admission;
    } catch (error) {
      if (!(error instanceof Unauthenticated)) this.attempts.takeBack(client);
      throw error;
    }
  }

  private async ask(key: string, token: string, client?: string): Promise<Admission> {
    const askedAt = performance.now();
    try {
      const admission = await this.answerFor(token, client);
      const { cacheMs } = this.options;
      const holdsMs = Math.min(cacheMs, admission.isNamed ? LONGEST_MS.named : LONGEST_MS.shared);
      this.accepted.set(key, { admission, until: askedAt + holdsMs });
      return admission;
    } catch (error) {
      if (error instanceof Unauthenticated) this.accepted.delete(key);
      throw error;
    }
  }

  /** @param client whom a wrong token is from, for the audit log */
  private async answerFor(token: string, client: string | undefined): Promise<Admission> {
    const { status, headers, body } = await this.http.send({
      method: 'POST',
      path: '/v1/auth',
      headers: { 'x-token': token, ...(client !== undefined && { 'x-real-ip': client }) },
    });
    switch (status) {
      case 200:
        return admissionOf(headers[IDENTITY_HEADER]);
      case 401:
        throw new Unauthenticated(messageOf(body) ?? NO_TOKEN);
      case 403:
        throw new Forbidden(messageOf(body) ?? 'this token does not permit the request');
      case 429:
        throw new TooManyRequests(
          messageOf(body) ?? 'too many requests; try again later',
          Number(headers['retry-after'] ?? 1),
        );
      case 503:
        throw new ServiceUnavailable(`${NAME} is not available; try again in a moment`);
      case 504:
        throw new GatewayTimeout(`${NAME} did not answer in time; try again`);
      default:
        throw new BadGateway(`${NAME} answered ${status}`);
    }
  }
}

const messageOf = (text: string): string | undefined => {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string') {
      return body.message;
    }
  } catch {
    // Not api-service's own answer; its status is all there is to tell.
  }
  return undefined;
};
