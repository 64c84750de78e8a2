import { BadGateway, HttpClient } from '@keptn/service-kit';

/** Milliseconds that api-service has for an answer. */
const TIMEOUT_MS = 5_000;

/** Asks api-service, which knows the tokens. */
export class TokenCheck {
  private readonly http: HttpClient;

  /** @param url of api-service */
  constructor(url: string) {
    this.http = new HttpClient({ name: 'api-service, which checks the token,', url, timeoutMs: TIMEOUT_MS });
  }

  /**
   * @param client whom a wrong token is from, for the audit log
   * @throws BadGateway, ServiceUnavailable, GatewayTimeout when nobody can say
   */
  async isRight(token: string, client: string): Promise<boolean> {
    const headers = { 'x-token': token, 'x-real-ip': client };
    const { status } = await this.http.send({ method: 'POST', path: '/v1/auth', headers });
    if (status === 200) return true;
    if (status === 401) return false;
    throw new BadGateway(`api-service, which checks the token, answered ${status}`);
  }

  close(): Promise<void> {
    return this.http.close();
  }
}
