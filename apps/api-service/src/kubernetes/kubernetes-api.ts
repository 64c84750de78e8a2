import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadGateway, ServiceUnavailable } from '@keptn/service-kit';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { type ApiServiceSettings } from '../settings';

/** The API server has this long for an answer, in milliseconds. */
const TIMEOUT_MS = 10_000;

const status = z.object({ message: z.string() });

export interface KubernetesCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Below the namespace of this service, e.g. `api/v1`, `secrets/bridge-credentials`. */
  readonly group: 'api/v1' | 'apis/apps/v1';
  readonly resource: string;
  readonly body?: object;
}

export interface KubernetesAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The API server, asked in the name of this pod's service account. */
export class KubernetesApi {
  constructor(
    private readonly url: string,
    private readonly namespace: string,
    private readonly serviceAccount: string,
  ) {}

  /** @returns undefined outside of a cluster */
  static ofThisPod(settings: ApiServiceSettings): KubernetesApi | undefined {
    const {
      KUBERNETES_SERVICE_HOST: host,
      KUBERNETES_SERVICE_PORT: port,
      POD_NAMESPACE,
      SERVICE_ACCOUNT_DIR,
    } = settings;
    const address = host?.includes(':') === true ? `[${host}]` : host;
    return address === undefined
      ? undefined
      : new KubernetesApi(`https://${address}:${port}`, POD_NAMESPACE, SERVICE_ACCOUNT_DIR);
  }

  /**
   * @returns what was answered, when it is 2xx or one of `expected`
   * @throws ServiceUnavailable when the API server cannot be reached, BadGateway for any other answer
   */
  async call(
    { method, group, resource, body }: KubernetesCall,
    expected: readonly number[] = [],
  ): Promise<KubernetesAnswer> {
    const { token, ca } = await this.credentials();
    const dispatcher = new Agent({ connect: { ca }, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
    try {
      const response = await request(`${this.url}/${group}/namespaces/${this.namespace}/${resource}`, {
        dispatcher,
        method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          'content-type': contentTypeOf(method),
        },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const answer = { status: response.statusCode, body: parsed(await response.body.text()) };
      if ((answer.status >= 200 && answer.status < 300) || expected.includes(answer.status)) {
        return answer;
      }
      const reason = status.safeParse(answer.body).data?.message ?? 'no reason given';
      throw new BadGateway(`Kubernetes answered ${answer.status}: ${reason}`);
    } catch (error) {
      throw error instanceof BadGateway
        ? error
        : new ServiceUnavailable('the Kubernetes API cannot be reached', { cause: error });
    } finally {
      await dispatcher.close();
    }
  }

  /** Read for every call: Kubernetes renews them in place. */
  private async credentials(): Promise<{ token: string; ca: string }> {
    try {
      const [token, ca] = await Promise.all(
        ['token', 'ca.crt'].map((name) => readFile(join(this.serviceAccount, name), 'utf8')),
      );
      return { token: (token ?? '').trim(), ca: ca ?? '' };
    } catch (error) {
      throw new ServiceUnavailable(
        'the pod has no token and ca.crt of a service account: mount them to keep bridge credentials',
        {
          cause: error,
        },
      );
    }
  }
}

/** A patch says how it is merged. */
const contentTypeOf = (method: KubernetesCall['method']): string =>
  method === 'PATCH' ? 'application/strategic-merge-patch+json' : 'application/json';

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
