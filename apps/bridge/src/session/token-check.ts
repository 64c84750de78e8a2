import { type Caller } from '@keptn/api-models';
import { Identities, IDENTITY_HEADER } from '@keptn/auth';
import { BadGateway, HttpClient } from '@keptn/service-kit';

/** Milliseconds that api-service has for an answer. */
const TIMEOUT_MS = 5_000;

/** Asks api-service, which knows the tokens. */
export class TokenCheck {
  private readonly http: HttpClient;
  private readonly identities: Identities;

  /**
   * @param url of api-service
   * @param apiToken the shared API token, with which api-service signs who somebody is
   */
  constructor(url: string, apiToken: string) {
    this.identities = new Identities(apiToken);
    this.http = new HttpClient({ name: 'api-service, which checks the token,', url, timeoutMs: TIMEOUT_MS });
  }

  /**
   * @param client whom a wrong token is from, for the audit log
   * @returns whose token it is; undefined when it is wrong
   * @throws BadGateway, ServiceUnavailable, GatewayTimeout when nobody can say
   */
  async holderOf(token: string, client: string): Promise<Caller | undefined> {
    const headers = { 'x-token': token, 'x-real-ip': client };
    const answer = await this.http.send({ method: 'POST', path: '/v1/auth', headers });
    if (answer.status === 401) return undefined;
    const identity = answer.headers[IDENTITY_HEADER];
    const holder = typeof identity === 'string' ? this.identities.verify(identity) : undefined;
    if (answer.status !== 200 || holder === undefined) {
      throw new BadGateway(`api-service, which checks the token, answered ${answer.status} without saying whose it is`);
    }
    return holder;
  }

  close(): Promise<void> {
    return this.http.close();
  }
}
