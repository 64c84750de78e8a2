import { type BridgeCredentials, bridgeCredentials } from '@keptn/api-models';
import { ServiceError } from '@keptn/service-kit';
import { z } from 'zod';
import { type KubernetesApi } from '../kubernetes/kubernetes-api';
import { type BridgeCredentialsStore } from './bridge-credentials.store';

/** Names of contract 3.9: the Bridge reads its environment from this secret. */
const SECRET = 'bridge-credentials';
const USER_KEY = 'BASIC_AUTH_USERNAME';
const PASSWORD_KEY = 'BASIC_AUTH_PASSWORD';
const DEPLOYMENT = 'bridge';

const secret = z.object({ data: z.object({ [USER_KEY]: z.base64(), [PASSWORD_KEY]: z.base64() }) });

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');
const encoded = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** A secret in the namespace of this service. */
export class CredentialsSecret implements BridgeCredentialsStore {
  constructor(private readonly kubernetes: KubernetesApi) {}

  async read(): Promise<BridgeCredentials | undefined> {
    const { status, body } = await this.kubernetes.call(
      { method: 'GET', group: 'api/v1', resource: `secrets/${SECRET}` },
      [404],
    );
    const found = status === 404 ? undefined : secret.safeParse(body).data;
    return (
      found &&
      bridgeCredentials.safeParse({ user: decoded(found.data[USER_KEY]), password: decoded(found.data[PASSWORD_KEY]) })
        .data
    );
  }

  async save({ user, password }: BridgeCredentials): Promise<void> {
    const body = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: SECRET },
      type: 'Opaque',
      data: { [USER_KEY]: encoded(user), [PASSWORD_KEY]: encoded(password) },
    };
    await saying('failed to create bridge credentials', async () => {
      const replace = { method: 'PUT', group: 'api/v1', resource: `secrets/${SECRET}`, body } as const;
      const replaced = await this.kubernetes.call(replace, [404]);
      if (replaced.status === 404) {
        const created = await this.kubernetes.call(
          { method: 'POST', group: 'api/v1', resource: 'secrets', body },
          [409],
        );
        // Somebody else was first.
        if (created.status === 409) {
          await this.kubernetes.call(replace);
        }
      }
    });
    await saying('failed to restart bridge pod', () => this.restartBridge());
  }

  /** As `kubectl rollout restart` does. Without a Bridge there is nothing to restart. */
  private async restartBridge(): Promise<void> {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
    await this.kubernetes.call(
      {
        method: 'PATCH',
        group: 'apis/apps/v1',
        resource: `deployments/${DEPLOYMENT}`,
        body: { spec: { template: { metadata: { annotations } } } },
      },
      [404],
    );
  }
}

/** Puts the texts of contract 3.9 in front of what Kubernetes says. */
async function saying(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ServiceError) {
      error.message = `${what}: ${error.message}`;
    }
    throw error;
  }
}
