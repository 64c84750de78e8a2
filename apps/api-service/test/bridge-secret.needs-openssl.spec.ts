import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningService } from '@keptn/service-kit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { KubernetesServer } from './kubernetes-server';
import { call, startApiService } from './started-api-service';

const BRIDGE = '/v1/config/bridge';
const CREDENTIALS = { user: 'keptn', password: 'a password' };

describe('user and password of the Bridge, in a cluster', () => {
  let folder: string;
  let kubernetes: KubernetesServer;
  let service: RunningService;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keptn-cluster-'));
    kubernetes = await KubernetesServer.start(folder);
    service = await startApiService({
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: kubernetes.port,
      SERVICE_ACCOUNT_DIR: kubernetes.serviceAccount,
    });
  });

  afterEach(() => {
    kubernetes.isForbidden = false;
  });

  afterAll(async () => {
    await service.close();
    await kubernetes.stop();
    await rm(folder, { recursive: true });
  });

  it('are kept in the secret that the Bridge reads, and restart it', async () => {
    expect(await call(service.url, 'GET', BRIDGE)).toMatchObject({ status: 404 });
    for (const password of ['a password', 'another']) {
      expect(await call(service.url, 'POST', BRIDGE, { user: 'keptn', password })).toEqual({ status: 200, body: '' });
      expect(kubernetes.secrets.get('bridge-credentials')).toEqual({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'bridge-credentials' },
        type: 'Opaque',
        data: {
          BASIC_AUTH_USERNAME: Buffer.from('keptn').toString('base64'),
          BASIC_AUTH_PASSWORD: Buffer.from(password).toString('base64'),
        },
      });
      expect(await call(service.url, 'GET', BRIDGE)).toEqual({ status: 200, body: { user: 'keptn', password } });
    }
    expect(kubernetes.restarts).toHaveLength(2);
    expect(kubernetes.restarts[0]).toMatchObject({
      spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': expect.any(String) } } } },
    });
  });

  it('are answered with what Kubernetes says when it refuses', async () => {
    kubernetes.isForbidden = true;
    expect(await call(service.url, 'POST', BRIDGE, CREDENTIALS)).toEqual({
      status: 502,
      body: {
        code: 502,
        message:
          'failed to create bridge credentials: Kubernetes answered 403: secrets "bridge-credentials" is forbidden',
        reason: 'BAD_GATEWAY',
      },
    });
  });

  it('are sent to nobody but the API server of the cluster', async () => {
    const other = await KubernetesServer.start(join(folder, 'other'));
    const misled = await startApiService({
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: other.port,
      SERVICE_ACCOUNT_DIR: folder,
    });
    expect(await call(misled.url, 'POST', BRIDGE, CREDENTIALS)).toMatchObject({ status: 503 });
    expect(other.secrets.size).toBe(0);
    await misled.close();
    await other.stop();
  });

  it.each([
    ['keptn/bridge2:0.7.3', 'bridge2:0.7.3'],
    ['docker.io/keptn/bridge2:0.7.3', 'docker.io/keptn/bridge2:0.7.3'],
  ])('belong to the Bridge of the image %s, as GET /v1/metadata says (contract 3.8)', async (image, bridgeversion) => {
    kubernetes.bridgeImage = image;
    expect(await call(service.url, 'GET', '/v1/metadata')).toEqual({
      status: 200,
      body: { bridgeversion, keptnlabel: 'keptn', keptnversion: '0.7.3', namespace: 'keptn' },
    });
  });

  it.each([
    ['that is not there', false],
    ['that may not be read', true],
  ])('of a Bridge %s leave the other metadata as they are', async (_what, isForbidden) => {
    Object.assign(kubernetes, { bridgeImage: undefined, isForbidden });
    expect(await call(service.url, 'GET', '/v1/metadata')).toEqual({
      status: 200,
      body: { keptnlabel: 'keptn', keptnversion: '0.7.3', namespace: 'keptn' },
    });
  });

  it('are set with the token as it is at that time', async () => {
    await writeFile(join(folder, 'token'), 'a-token-that-has-expired');
    expect((await call(service.url, 'POST', BRIDGE, CREDENTIALS)).status).toBe(502);
    await writeFile(join(folder, 'token'), kubernetes.token);
    expect((await call(service.url, 'POST', BRIDGE, CREDENTIALS)).status).toBe(200);
  });
});
