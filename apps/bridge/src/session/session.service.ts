import { randomUUID } from 'node:crypto';
import { type IncomingHttpHeaders } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Caller, type NewSession } from '@keptn/api-models';
import { LoginRateLimiter } from '@keptn/auth';
import { ServiceUnavailable, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type IdentityRights } from '../identity/identity-rights';
import { Renewals } from '../identity/renewals';
import { SignInFailed } from '../identity/sign-in.errors';
import { type SignedInPerson, SignInService } from '../identity/sign-in.service';
import { type BridgeSettings } from '../settings';
import { BridgePassword } from './bridge-password';
import { EndedSessions } from './ended-sessions';
import { type Rights, type Session } from './session';
import { type CookieScope, sealedSessionIn } from './session-cookie';
import { SessionSeal } from './session-seal';
import { NotSignedIn, WrongPassword, WrongToken } from './session.errors';
import { TokenCheck } from './token-check';
import { WrongPasswords } from './wrong-passwords';

/** What somebody signs in with: a token, or user and password. */
type Credentials = Partial<Pick<NewSession, 'password' | 'token' | 'user'>>;

/** With what a request goes to the API. */
export interface RequestToken {
  readonly token: string;
  /** When its token was renewed: for a new cookie. */
  readonly renewed?: Session;
  /** The one that ends with its token; nothing renews that. */
  readonly endsWithToken?: Session;
}

/** Who is signed in, and with which token their requests go to the API. */
@Injectable()
export class SessionService implements OnApplicationShutdown {
  private readonly seal: SessionSeal;
  private readonly ended: EndedSessions;
  private readonly attempts: LoginRateLimiter;
  private readonly tokens: TokenCheck;
  private readonly password: BridgePassword;

  constructor(
    @Inject(SETTINGS) private readonly settings: BridgeSettings,
    private readonly renewals: Renewals,
    private readonly signIn: SignInService,
    private readonly wrongPasswords: WrongPasswords,
  ) {
    this.seal = new SessionSeal(settings.KEPTN_API_TOKEN);
    this.ended = new EndedSessions(settings.SESSION_LIFETIME_MS);
    this.attempts = new LoginRateLimiter({ perMinute: settings.AUTH_FAILURES_PER_MINUTE });
    this.tokens = new TokenCheck(settings.API_SERVICE_URL, settings.KEPTN_API_TOKEN);
    this.password = new BridgePassword(settings);
  }

  takesPassword(): Promise<boolean> {
    return this.password.isSet();
  }

  /**
   * @param client address of the client, whose wrong tokens and passwords are counted
   * @throws WrongToken, WrongPassword; TooManyRequests when the client guesses too fast
   */
  async begin({ name, ...credentials }: NewSession, client: string): Promise<Session> {
    const rights = await this.counted(client, () => this.rightsOf(credentials, client));
    const until = Date.now() + this.settings.SESSION_LIFETIME_MS;
    const called = name === undefined || name === '' ? credentials.user : name;
    return { id: randomUUID(), until, rights, ...(called !== undefined && { name: called }) };
  }

  /**
   * @param client address of the client
   * @throws SignInFailed when the API does not take the provider's token
   */
  async beginFor({ rights, name }: SignedInPerson, client: string): Promise<Session> {
    if ((await this.tokens.holderOf(rights.token, client)) === undefined) throw new SignInFailed('refused');
    const end = rights.refreshToken === undefined ? rights.tokenUntil : Infinity;
    const until = Math.min(Date.now() + this.settings.SESSION_LIFETIME_MS, end);
    return { id: randomUUID(), until, rights, ...(name !== undefined && { name }) };
  }

  /** For the cookie. */
  sealed(session: Session): string {
    return this.seal.seal(session);
  }

  async end({ id, rights }: Session): Promise<void> {
    this.ended.add(id);
    if (rights.kind === 'identity')
      await this.signIn.revoke(await this.renewals.latestOf(id, rights).catch(() => rights));
  }

  /** @returns undefined when the request belongs to no session, or one that is over */
  async find(headers: IncomingHttpHeaders, scope: CookieScope): Promise<Session | undefined> {
    const session = this.seal.open(sealedSessionIn(headers, scope) ?? '');
    if (session === undefined || session.until < Date.now() || this.ended.has(session.id)) return undefined;
    const { rights } = session;
    return rights.kind !== 'password' || (await this.password.isCurrent(rights.mark)) ? session : undefined;
  }

  /**
   * The API token for a request: that of its session, or with user and password in every request, as scripts send them.
   *
   * @throws NotSignedIn, WrongPassword, TooManyRequests; ServiceUnavailable when a provider has to renew the token and cannot be asked
   */
  async tokenFor(headers: IncomingHttpHeaders, scope: CookieScope, client: string): Promise<RequestToken> {
    const session = await this.find(headers, scope);
    if (session !== undefined) {
      const { rights } = session;
      if (rights.kind === 'identity') return this.currentToken(session, rights);
      return { token: this.tokenOf(rights), ...(rights.kind === 'token' && { endsWithToken: session }) };
    }
    const basic = basicCredentials(headers.authorization);
    if (basic === undefined) throw new NotSignedIn();
    return { token: this.tokenOf(await this.counted(client, () => this.rightsOf(basic, client))) };
  }

  /**
   * @param client whom the request is from, for the audit log
   * @returns who acts in the session; undefined when its token counts no longer
   * @throws BadGateway, ServiceUnavailable, GatewayTimeout when nobody can say
   */
  async holderOf(session: Session, client: string): Promise<Caller | undefined> {
    const { rights } = session;
    if (rights.kind === 'password') return Caller.SHARED;
    if (rights.kind === 'token') return this.tokens.holderOf(rights.token, client);
    try {
      const { token } = await this.currentToken(session, rights);
      return await this.tokens.holderOf(token, client);
    } catch (error) {
      if (error instanceof NotSignedIn) return undefined;
      throw error;
    }
  }

  onApplicationShutdown(): Promise<void> {
    return this.tokens.close();
  }

  private async currentToken(session: Session, rights: IdentityRights): Promise<RequestToken> {
    try {
      const latest = await this.renewals.latestOf(session.id, rights);
      return { token: latest.token, ...(latest !== rights && { renewed: { ...session, rights: latest } }) };
    } catch (error) {
      if (!(error instanceof SignInFailed)) throw error;
      if (error.failure !== 'unavailable') throw new NotSignedIn();
      throw new ServiceUnavailable('the identity provider cannot be reached; try again in a moment', { cause: error });
    }
  }

  private tokenOf(rights: Rights): string {
    return rights.kind === 'password' ? this.settings.KEPTN_API_TOKEN : rights.token;
  }

  private async rightsOf({ token, user = '', password = '' }: Credentials, client: string): Promise<Rights> {
    if (token !== undefined) {
      if ((await this.tokens.holderOf(token, client)) !== undefined) return { kind: 'token', token };
      throw new WrongToken();
    }
    const mark = await this.password.check({ user, password });
    if (mark === undefined) throw new WrongPassword();
    return { kind: 'password', mark };
  }

  /** An attempt counts until it turns out that it was no guess. */
  private async counted<Result>(client: string, attempt: () => Promise<Result>): Promise<Result> {
    await delay(this.attempts.count(client));
    try {
      const result = await attempt();
      this.attempts.takeBack(client);
      return result;
    } catch (error) {
      if (!(error instanceof WrongToken || error instanceof WrongPassword)) this.attempts.takeBack(client);
      if (error instanceof WrongPassword) this.wrongPasswords.add(client);
      throw error;
    }
  }
}

/** RFC 7617. */
function basicCredentials(authorization = ''): { user: string; password: string } | undefined {
  const encoded = /^Basic +(\S+)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { user, password: password.join(':') };
}
