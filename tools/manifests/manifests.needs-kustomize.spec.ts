import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { policyViolations } from './policy';
import { danglingReferences, referencesOf, selectorsWithoutPods } from './references';
import { type KubernetesObject, nameOf, rendered } from './rendered';
import { schemaComplaints, unknownFields } from './strict-schema';
import { workloadsOf } from './workloads';

const workspace = join(fileURLToPath(import.meta.url), '../../..');
const deploy = join(workspace, 'deploy');
const foldersIn = (folder: string): string[] => readdirSync(join(deploy, folder)).map((name) => join(folder, name));

/** As seen from deploy. */
const everyComponent = '../tools/manifests/every-component';

const API_TOKEN = 'Secret/keptn-api-token';
const OWN_MONGODB = 'Secret/keptn-mongodb';
const TLS = 'Secret/keptn-tls';

/** What there must be before each of them, and nothing else: people make it, or the StatefulSet of another overlay left it. */
const THERE_BEFORE: Readonly<Record<string, readonly string[]>> = {
  'overlays/development': [API_TOKEN],
  'overlays/production': [API_TOKEN, OWN_MONGODB, TLS],
  backup: ['PersistentVolumeClaim/data-configuration-service-0'],
  [everyComponent]: [API_TOKEN, OWN_MONGODB, TLS],
};

const documentsOf = new Map(
  [...foldersIn('overlays'), 'backup', everyComponent].map((folder) => [folder, rendered(join(deploy, folder))]),
);

const hasIngress = (documents: readonly KubernetesObject[]): boolean =>
  documents.some(({ kind }) => kind === 'Ingress');

describe.each([...documentsOf])('deploy/%s', (folder, documents) => {
  it('holds what the schemas of a current Kubernetes accept', () => {
    expect(schemaComplaints(documents)).toEqual([]);
  });

  it('names only what is in it, or what people are told to create before it', () => {
    const missing = danglingReferences(documents, []).map(({ to }) => to);
    expect([...new Set(missing)].toSorted()).toEqual(THERE_BEFORE[folder]);
    expect(selectorsWithoutPods(documents)).toEqual([]);
  });

  it('gives no container more rights than it needs, limits each, and probes each', () => {
    expect(policyViolations(workloadsOf(documents))).toEqual([]);
  });

  it('puts everything into the namespace keptn, and holds no secret', () => {
    expect(documents.filter(({ metadata }) => metadata.namespace !== 'keptn').map(nameOf)).toEqual([]);
    expect(documents.filter(({ kind }) => kind === 'Secret').map(nameOf)).toEqual([]);
  });
});

describe('the ServiceMonitor', () => {
  it('finds one Service of each workload that it names, so that Prometheus reads each pod once', () => {
    const documents = rendered(join(deploy, everyComponent));
    const monitor = documents.find(({ kind }) => kind === 'ServiceMonitor') as KubernetesObject & {
      spec: { selector: { matchExpressions: [{ key: string; values: string[] }] } };
    };
    const [{ key, values }] = monitor.spec.selector.matchExpressions;
    const services = documents.filter(({ kind }) => kind === 'Service') as (KubernetesObject & {
      spec: { selector: Record<string, string> };
    })[];
    const found = services.filter(({ metadata }) => values.includes(metadata.labels?.[key] ?? ''));
    expect(found.map(({ spec }) => spec.selector[key]).sort()).toEqual([...values].sort());
  });
});

describe('an overlay with an ingress', () => {
  it.each([...documentsOf].filter(([folder, documents]) => folder !== everyComponent && hasIngress(documents)))(
    'has the gateway told whose word counts about clients: %s',
    (_folder, documents) => {
      const gateway = workloadsOf(documents).find(({ name }) => name === 'Deployment/api-gateway');
      const variables = gateway?.pod.containers.flatMap(({ env = [] }) => env) ?? [];
      expect(variables.map(({ name }) => name)).toContain('TRUSTED_PROXIES');
    },
  );
});

describe('the disruption budgets', () => {
  it('are for each Deployment, of which there are several pods, and for nothing that runs once', () => {
    const documents = rendered(join(deploy, 'overlays/production'));
    const budgets = documents.filter(({ kind }) => kind === 'PodDisruptionBudget');
    const chosen = budgets.map(({ spec }) => (spec as { selector: { matchLabels: object } }).selector.matchLabels);
    const deployments = documents.filter(({ kind }) => kind === 'Deployment');
    expect(deployments.filter(({ spec }) => (spec as { replicas?: number }).replicas === 1)).toEqual([]);
    expect(chosen.map((labels) => Object.values(labels).join()).toSorted()).toEqual(
      deployments.map(({ metadata }) => metadata.name).toSorted(),
    );
  });
});

describe('the component execution-plane', () => {
  let documents: KubernetesObject[];

  beforeAll(() => {
    documents = rendered(join(deploy, everyComponent));
  });

  it('has the names that services of Keptn 0.7.3 use', () => {
    const names = documents.map(nameOf);
    const accounts = ['keptn-default', 'keptn-helm-service', 'keptn-lighthouse-service'];
    expect(names).toEqual(expect.arrayContaining(accounts.map((name) => `ServiceAccount/${name}`)));
    const ports = (name: string): unknown =>
      documents
        .filter((document) => nameOf(document) === `Service/${name}`)
        .flatMap(({ spec }) => (spec as { ports: { port: number }[] }).ports.map(({ port }) => port));
    expect(ports('keptn-nats-cluster')).toEqual([4222]);
    expect(ports('event-broker')).toContain(80);
    for (const name of ['api-service', 'configuration-service', 'mongodb-datastore'])
      expect(ports(name)).toEqual([8080]);
  });

  it('is reached by integrations, and reaches what they call: the websocket of api-service, too', () => {
    const targets = documents
      .filter(({ kind }) => kind === 'NetworkPolicy')
      .filter((document) => JSON.stringify(document).includes('keptn.sh/integration'))
      .map((document) => JSON.stringify((document['spec'] as { podSelector: object }).podSelector));
    for (const name of [
      'api-service',
      'configuration-service',
      'event-broker',
      'keptn-nats-cluster',
      'mongodb-datastore',
    ])
      expect(targets.some((target) => target.includes(`"${name}"`))).toBe(true);
  });
});

describe('what people create themselves', () => {
  it.each([
    [API_TOKEN, 'install.md', 'create secret generic keptn-api-token'],
    [OWN_MONGODB, 'install.md', 'create secret generic keptn-mongodb'],
    [TLS, 'access.md', 'create secret tls keptn-tls'],
  ])('%s is created as docs/operate/%s says', (_object, page, command) => {
    expect(readFileSync(join(workspace, 'docs/operate', page), 'utf8')).toContain(command);
  });
});

describe('the checks', () => {
  const development = (): KubernetesObject[] => rendered(join(deploy, 'overlays/development'));
  const changed = (change: (document: KubernetesObject) => void): KubernetesObject[] => {
    const documents = development();
    documents.filter(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'api-service').forEach(change);
    return documents;
  };
  const containerOf = (document: KubernetesObject): Record<string, unknown> =>
    (document['spec'] as { template: { spec: { containers: [Record<string, unknown>] } } }).template.spec.containers[0];

  it('see a field that Kubernetes does not have, and no other in any manifest', () => {
    const misspelt = changed((document) => (containerOf(document)['redinessProbe'] = {}));
    expect(unknownFields(new Map([...documentsOf, ['misspelt', misspelt]]), workspace)).toEqual([
      expect.stringMatching(/^misspelt: .*redinessProbe/),
    ]);
  });

  it('see a wrong type, a name that does not exist, and a right too many', () => {
    const wrongType = changed((document) => (containerOf(document)['name'] = 5));
    expect(schemaComplaints(wrongType)).toEqual([expect.stringContaining('must be string')]);
    const privileged = changed((document) => (containerOf(document)['securityContext'] = { privileged: true }));
    expect(policyViolations(workloadsOf(privileged))).toHaveLength(3);
    const renamed = changed(
      (document) => (containerOf(document)['env'] = [{ name: 'X', value: 'http://nobody:8080' }]),
    );
    expect(danglingReferences(renamed, [API_TOKEN])).toEqual([
      { from: 'Deployment/api-service', to: 'Service/nobody' },
    ]);
    expect(referencesOf(development())).toContainEqual({
      from: 'Deployment/api-service',
      to: 'Service/api-service-replicas',
    });
  });
});
