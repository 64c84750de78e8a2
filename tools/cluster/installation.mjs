/** The control plane in the namespace keptn of the cluster that kubectl points to, as the trial sees it from outside. */
import { setTimeout as delay } from 'node:timers/promises';
import { Api } from './api.mjs';
import { readContent } from './content.mjs';

export const OVERLAY = 'deploy/overlays/development';

export const REPLICATED = [
  'deployment/api-gateway',
  'deployment/api-service',
  'deployment/mongodb-datastore',
  'deployment/event-broker',
  'deployment/lighthouse-service',
  'deployment/shipyard-controller',
];
const ONCE = ['statefulset/mongodb', 'statefulset/configuration-service'];

/** What Kubernetes itself puts into every namespace. */
const OF_KUBERNETES =
  /^(?:serviceaccount\/default|secret\/default-token-\w+|configmap\/kube-root-ca\.crt|event|endpoints|lease)/;

/**
 * Asks once a second until nothing is thrown: after a start services look at each other first, and Kubernetes takes its time.
 *
 * @template Result
 * @param {() => Promise<Result>} ask
 * @param {number} attempts after which the error counts
 * @returns {Promise<Result>}
 */
export async function untilAnswered(ask, attempts = 30) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === attempts) {
        throw error;
      }
      await delay(1_000);
    }
  }
}

export class Installation {
  #terminal;

  /** @param {import('./terminal.mjs').Terminal} terminal in which KEPTN_ENDPOINT and KEPTN_API_TOKEN are set */
  constructor(terminal) {
    this.#terminal = terminal;
  }

  /** The API at the address, and with the token, that a person at this terminal uses. */
  async api() {
    return new Api(await this.#terminal.variable('KEPTN_ENDPOINT'), await this.#terminal.variable('KEPTN_API_TOKEN'));
  }

  /** @returns {ReturnType<typeof readContent>} */
  content() {
    return untilAnswered(async () => readContent(await this.api()));
  }

  async untilReady() {
    for (const workload of [...ONCE, ...REPLICATED]) {
      await this.#terminal.run(`kubectl --namespace keptn rollout status ${workload} --timeout=5m`);
    }
  }

  /** @returns {Promise<string[]>} e.g. `pod/api-gateway-8569dd8cfd-8dvj9` */
  async podNames() {
    return (await this.#terminal.run('kubectl --namespace keptn get pods --output name')).trim().split('\n');
  }

  /** @returns {Promise<string[]>} what is in the namespace that Kubernetes did not put there, once all pods have ended */
  async leftovers() {
    await this.#terminal.run('kubectl --namespace keptn wait --for=delete pod --all --timeout=2m');
    const kinds = '$(kubectl api-resources --namespaced --verbs=list --output name | paste -sd,)';
    const list = await this.#terminal.run(`kubectl --namespace keptn get "${kinds}" --output name 2>/dev/null`);
    return list
      .split('\n')
      .map((name) => name.trim().replace(/^(\w+)\.[\w.]*\//, '$1/'))
      .filter((name) => name !== '' && !OF_KUBERNETES.test(name))
      .sort();
  }
}
