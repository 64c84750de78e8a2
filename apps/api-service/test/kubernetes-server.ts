import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a service account is let do, as the API server says no to it. */
const FORBIDDEN = { kind: 'Status', code: 403, message: 'secrets "bridge-credentials" is forbidden' };

const deploymentOf = (image: string): object => ({
  spec: { template: { spec: { containers: [{ name: 'bridge', image }, { name: 'sidecar' }] } } },
});

/** Speaks the few calls of the Kubernetes API that api-service makes, over TLS and with a service account token. */
export class KubernetesServer {
  readonly secrets = new Map<string, unknown>();
  readonly restarts: unknown[] = [];
  readonly token = 'a-service-account-token';
  /** Of the first container of the Bridge; undefined when there is no Bridge. */
  bridgeImage: string | undefined;
  isForbidden = false;

  private constructor(
    private readonly server: Server,
    /** Holds `token` and `ca.crt` as in a pod. */
    readonly serviceAccount: string,
  ) {}

  static async start(folder: string): Promise<KubernetesServer> {
    await mkdir(folder, { recursive: true });
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'ca.crt')];
    const subject = ['-subj', '/CN=kubernetes', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const made = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
    await run('openssl', ['req', ...made, '-keyout', key, '-out', certificate, ...subject]);
    const server = createServer({ key: await readFile(key), cert: await readFile(certificate) });
    const kubernetes = new KubernetesServer(server, folder);
    await writeFile(join(folder, 'token'), `${kubernetes.token}\n`);
    server.on('request', (request, response) => {
      const answer = async () => {
        const body = request.method === 'GET' ? undefined : await json(request);
        const isKnown = request.headers.authorization === `Bearer ${kubernetes.token}`;
        return isKnown ? kubernetes.answer(`${request.method} ${request.url}`, body) : { code: 401, message: 'no' };
      };
      void answer().then((status) => response.writeHead(status.code).end(JSON.stringify(status)));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return kubernetes;
  }

  get port(): string {
    return String((this.server.address() as AddressInfo).port);
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private answer(call: string, body: unknown): { code: number } {
    const secrets = '/api/v1/namespaces/keptn/secrets';
    const name = 'bridge-credentials';
    const found = this.secrets.get(name);
    if (this.isForbidden) {
      return FORBIDDEN;
    }
    switch (call) {
      case `GET ${secrets}/${name}`:
        return found === undefined ? { code: 404 } : { code: 200, ...found };
      case `PUT ${secrets}/${name}`:
        if (found === undefined) {
          return { code: 404 };
        }
        this.secrets.set(name, body);
        return { code: 200 };
      case `POST ${secrets}`:
        this.secrets.set(name, body);
        return { code: 201 };
      case 'GET /apis/apps/v1/namespaces/keptn/deployments/bridge':
        return this.bridgeImage === undefined ? { code: 404 } : { code: 200, ...deploymentOf(this.bridgeImage) };
      case 'PATCH /apis/apps/v1/namespaces/keptn/deployments/bridge':
        this.restarts.push(body);
        return { code: 200 };
      default:
        return { code: 404 };
    }
  }
}
