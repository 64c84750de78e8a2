import { bridgeApi, type QueryOf } from '@keptn/api-models';
import { Route, SETTINGS } from '@keptn/service-kit';
import { Controller, Inject, Query, Req, Res } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { AttemptSeal, ATTEMPT_LIFETIME_MS } from '../identity/sign-in-attempt';
import { SignInFailed } from '../identity/sign-in.errors';
import { SignInService } from '../identity/sign-in.service';
import { type BridgeSettings } from '../settings';
import { clientOf, publicOrigin, scopeOf } from './browser-request';
import { attemptCookie, expiredAttemptCookie, sealedAttemptIn, sessionCookie } from './session-cookie';
import { SessionService } from './session.service';

const { beginSignIn, finishSignIn } = bridgeApi;

/** What all browsers keep of a cookie, in characters, less its name and attributes (RFC 6265 section 6.1). */
const COOKIE_LIMIT = 3_900;

/** Sends browsers to an identity provider, and takes them back. */
@Controller()
export class SignInController {
  private readonly seal: AttemptSeal;

  constructor(
    private readonly signIn: SignInService,
    private readonly sessions: SessionService,
    @Inject(SETTINGS) private readonly settings: BridgeSettings,
  ) {
    this.seal = new AttemptSeal(settings.KEPTN_API_TOKEN);
  }

  @Route(beginSignIn)
  async begin(
    @Query({ schema: beginSignIn.query }) { provider, to = '' }: QueryOf<typeof beginSignIn>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    try {
      const { location, attempt } = await this.signIn.begin(provider, this.callbackOf(request), to);
      const scope = scopeOf(request.headers, this.settings.PREFIX_PATH);
      void reply.headers({
        Location: location,
        'Set-Cookie': attemptCookie(this.seal.seal(attempt), ATTEMPT_LIFETIME_MS, scope),
      });
    } catch (error) {
      void reply.header('Location', this.pageAfter(error));
    }
  }

  @Route(finishSignIn)
  async finish(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const scope = scopeOf(request.headers, this.settings.PREFIX_PATH);
    const ended = expiredAttemptCookie(scope);
    try {
      const attempt = this.seal.open(sealedAttemptIn(request.headers, scope) ?? '');
      if (attempt === undefined) throw new SignInFailed('expired');
      const url = new URL(this.callbackOf(request));
      url.search = new URL(request.url, url).search;
      const session = await this.sessions.beginFor(await this.signIn.finish(url, attempt), clientOf(request));
      const sealed = this.sessions.sealed(session);
      // Browsers drop a larger cookie without a word.
      if (sealed.length > COOKIE_LIMIT) throw new SignInFailed('too-large');
      void reply.headers({
        Location: `${this.settings.PREFIX_PATH}/bridge/${attempt.to}`,
        'Set-Cookie': [ended, sessionCookie(sealed, session.until - Date.now(), scope)],
      });
    } catch (error) {
      void reply.headers({ Location: this.pageAfter(error), 'Set-Cookie': ended });
    }
  }

  /** As it is registered with the provider, which sends browsers nowhere else. */
  private callbackOf(request: FastifyRequest): string {
    return `${publicOrigin(request)}${this.settings.PREFIX_PATH}/bridge${finishSignIn.path}`;
  }

  private pageAfter(error: unknown): string {
    if (!(error instanceof SignInFailed)) throw error;
    return `${this.settings.PREFIX_PATH}/bridge/?sign-in=${error.failure}`;
  }
}
