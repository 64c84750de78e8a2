import { bridgeApi, type Caller, type Grant, type NewSession, type SessionState } from '@keptn/api-models';
import { Route, ServiceError, SETTINGS } from '@keptn/service-kit';
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
  async get(@Req() request: FastifyRequest): Promise<SessionState> {
    const { headers } = request;
    return this.stateOf(await this.sessions.find(headers, this.scope(headers)), clientOf(request));
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
    return this.stateOf(session, clientOf(request));
  }

  @Route(signOut)
  async signOut(
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionState> {
    const session = await this.sessions.find(headers, this.scope(headers));
    if (session !== undefined) await this.sessions.end(session);
    void reply.header('Set-Cookie', expiredCookie(this.scope(headers)));
    return this.stateOf(undefined, '');
  }

  private scope(headers: FastifyRequest['headers']) {
    return scopeOf(headers, this.settings.PREFIX_PATH);
  }

  private async stateOf(session: Session | undefined, client: string): Promise<SessionState> {
    const [takesPassword, signInWith] = await Promise.all([this.sessions.takesPassword(), this.signInService.names()]);
    if (session === undefined) return { signedIn: false, takesPassword, signInWith };
    const holder = await this.holderOf(session, client);
    if (holder === undefined) return { signedIn: false, takesPassword, signInWith };
    const name = session.name ?? (holder !== 'unknown' && holder.isNamed ? holder.name : undefined);
    return {
      signedIn: true,
      takesPassword,
      signInWith,
      expiresAt: new Date(session.until).toISOString(),
      ...(name !== undefined && { name }),
      ...(holder !== 'unknown' && { grants: holder.description.grants.map(toGrant) }),
    };
  }

  /** Nobody is signed out because api-service is away for a moment. */
  private async holderOf(session: Session, client: string): Promise<Caller | 'unknown' | undefined> {
    try {
      return await this.sessions.holderOf(session, client);
    } catch (error) {
      if (error instanceof ServiceError) return 'unknown';
      throw error;
    }
  }
}

const toGrant = ({ scopes, projects }: Grant): NonNullable<SessionState['grants']>[number] => ({
  scopes: [...scopes],
  projects: projects === 'all' ? projects : [...projects],
});
