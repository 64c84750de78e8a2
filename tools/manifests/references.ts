import { type KubernetesObject, nameOf } from './rendered';
import { containersOf, type Workload, workloadsOf } from './workloads';

/** A name that one object uses for another, e.g. from `Deployment/api-service` to `Secret/keptn-api-token`. */
export interface Reference {
  readonly from: string;
  readonly to: string;
}

/** @returns the references whose target is neither among the documents nor in `toBeCreated` */
export function danglingReferences(
  documents: readonly KubernetesObject[],
  toBeCreated: readonly string[],
): Reference[] {
  const known = new Set([...documents.map(nameOf), ...claimsOf(documents), ...toBeCreated]);
  return referencesOf(documents).filter(({ to }) => !known.has(to));
}

export function referencesOf(documents: readonly KubernetesObject[]): Reference[] {
  const workloads = workloadsOf(documents);
  return [
    ...workloads.flatMap((workload) => targetsOfWorkload(workload).map((to) => ({ from: workload.name, to }))),
    ...documents.flatMap((document) => targetsOf(document).map((to) => ({ from: nameOf(document), to }))),
  ];
}

/** Objects that choose pods by label. @returns those whose labels no pod has */
export function selectorsWithoutPods(documents: readonly KubernetesObject[]): string[] {
  const workloads = workloadsOf(documents);
  const selects = (labels: Readonly<Record<string, string>>) => (workload: Workload) =>
    Object.entries(labels).every(([name, value]) => workload.labels[name] === value);
  return documents
    .filter((document) => {
      const labels =
        document.kind === 'Service' ? read(document, 'spec.selector') : read(document, 'spec.selector.matchLabels');
      return labels.length > 0 && !workloads.some(selects(labels[0] as Record<string, string>));
    })
    .map(nameOf);
}

/** The claims that a StatefulSet makes for its first pod. */
const claimsOf = (documents: readonly KubernetesObject[]): string[] =>
  workloadsOf(documents).flatMap(({ name, claims }) =>
    claims.map((claim) => `PersistentVolumeClaim/${claim}-${name.slice(name.indexOf('/') + 1)}-0`),
  );

function targetsOfWorkload(workload: Workload): string[] {
  const { pod, serviceName } = workload;
  const variables = containersOf(workload).flatMap(({ env = [] }) => env);
  const mounts = containersOf(workload).flatMap(({ volumeMounts = [] }) => volumeMounts);
  const volumes = new Set([...(pod.volumes ?? []).map(({ name }) => name), ...workload.claims]);
  return [
    ...named('ServiceAccount', [pod.serviceAccountName]),
    ...named('Service', [serviceName, ...variables.flatMap(({ value }) => hostsOf(value ?? ''))]),
    ...named(
      'Secret',
      variables.map(({ valueFrom }) =>
        valueFrom?.secretKeyRef?.optional === true ? undefined : valueFrom?.secretKeyRef?.name,
      ),
    ),
    ...named(
      'ConfigMap',
      variables.map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name),
    ),
    ...named(
      'Secret',
      (pod.volumes ?? []).map(({ secret }) => (secret?.optional === true ? undefined : secret?.secretName)),
    ),
    ...named(
      'ConfigMap',
      (pod.volumes ?? []).map(({ configMap }) => configMap?.name),
    ),
    ...named(
      'PersistentVolumeClaim',
      (pod.volumes ?? []).map((volume) => volume.persistentVolumeClaim?.claimName),
    ),
    ...mounts.flatMap(({ name }) => (volumes.has(name) ? [] : [`Volume/${name}`])),
  ];
}

/** Services in the URLs of settings, e.g. `http://api-service:8080` or `nats://nats:4222`. */
const hostsOf = (value: string): string[] =>
  [...value.matchAll(/\b(?:https?|mongodb|nats):\/\/([a-z][a-z0-9-]*):\d+/g)].map((match) => match[1] ?? '');

function targetsOf(document: KubernetesObject): string[] {
  switch (document.kind) {
    case 'Ingress':
      return [
        ...named('Secret', strings(read(document, 'spec.tls.*.secretName'))),
        ...named('Service', strings(read(document, 'spec.rules.*.http.paths.*.backend.service.name'))),
      ];
    case 'HorizontalPodAutoscaler': {
      const [target] = read(document, 'spec.scaleTargetRef') as { kind: string; name: string }[];
      return named(target?.kind ?? '', [target?.name]);
    }
    case 'RoleBinding':
      return [
        ...named('Role', strings(read(document, 'roleRef.name'))),
        ...named('ServiceAccount', strings(read(document, 'subjects.*.name'))),
      ];
    case 'ServiceMonitor':
      return named('Secret', strings(read(document, 'spec.endpoints.*.authorization.credentials.name')));
    default:
      return [];
  }
}

const named = (kind: string, names: readonly (string | undefined)[]): string[] =>
  names.flatMap((name) => (name === undefined ? [] : [`${kind}/${name}`]));

/** @param path names with dots between them; `*` stands for every entry of a list */
function read(document: KubernetesObject, path: string): unknown[] {
  return path.split('.').reduce<unknown[]>(
    (values, step) => {
      const present = values.filter(
        (value): value is Record<string, unknown> => typeof value === 'object' && value !== null,
      );
      const next =
        step === '*' ? present.flatMap((value) => Object.values(value)) : present.map((value) => value[step]);
      return next.filter((value) => value !== undefined);
    },
    [document],
  );
}

const strings = (values: readonly unknown[]): string[] => values.filter((value) => typeof value === 'string');
