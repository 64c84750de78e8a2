import { bridgeApi, type NewSession, type SessionState } from '@keptn/api-models';
import { Route, SETTINGS } from '@keptn/service-kit';
import { Body, Controller, Inject, Req, Res } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { SignInService } from '../identity/sign-in.service';
import { type BridgeSettings } from '../settings';
import { clientOf, scopeOf } from './browser-request';
import { type Session } from './session';
import { expiredCookie, sessionCookie } from './session-cookie';
import { SessionService } from './session.service';

const { getSession, signIn, signOut } = bridgeApi;

@Controller()
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    private readonly signInService: SignInService,
    @Inject(SETTINGS) private readonly settings: BridgeSettings,
  ) {}

  @Route(getSession)
  async get(@Req() { headers }: FastifyRequest): Promise<SessionState> {
    return this.stateOf(await this.sessions.find(headers, this.scope(headers)));
  }

  @Route(signIn)
  async signIn(
    @Body({ schema: signIn.body }) body: NewSession,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionState> {
    const session = await this.sessions.begin(body, clientOf(request));
    const sealed = this.sessions.sealed(session);
    void reply.header(
      'Set-Cookie',
      sessionCookie(sealed, this.settings.SESSION_LIFETIME_MS, this.scope(request.headers)),
    );
    return this.stateOf(session);
  }

  @Route(signOut)
  async signOut(
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionState> {
    const session = await this.sessions.find(headers, this.scope(headers));
    if (session !== undefined) await this.sessions.end(session);
    void reply.header('Set-Cookie', expiredCookie(this.scope(headers)));
    return this.stateOf(undefined);
  }

  private scope(headers: FastifyRequest['headers']) {
    return scopeOf(headers, this.settings.PREFIX_PATH);
  }

  private async stateOf(session: Session | undefined): Promise<SessionState> {
    const [takesPassword, signInWith] = await Promise.all([this.sessions.takesPassword(), this.signInService.names()]);
    if (session === undefined) return { signedIn: false, takesPassword, signInWith };
    const { name, until } = session;
    const expiresAt = new Date(until).toISOString();
    return { signedIn: true, takesPassword, signInWith, expiresAt, ...(name !== undefined && { name }) };
  }
}
