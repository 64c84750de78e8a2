import { type Container, containersOf, type SecurityContext, type Workload } from './workloads';

/** A rule that every container of a workload keeps; its key says what is wrong otherwise. */
type Rules<Subject> = Readonly<Record<string, (subject: Subject) => boolean>>;

/** Kubernetes' own. */
const DEFAULT_GRACE_SECONDS = 30;

/** Milliseconds from SIGTERM to the end: the delay, the timeout for requests in flight, and a second to let go of everything. */
const shutdownMs = ({ env = [] }: Container): number => {
  const setting = (name: string, otherwise: number): number =>
    Number(env.find((variable) => variable.name === name)?.value ?? otherwise);
  return setting('SHUTDOWN_DELAY_MS', 0) + setting('SHUTDOWN_TIMEOUT_MS', 8_000) + 1_000;
};

/** A pod alone serves nobody: people work in it, and look at it themselves. */
const isWorkplace = (name: string): boolean => name.startsWith('Pod/');

const POD_RULES: Rules<Workload> = {
  'may run as root': ({ pod }) =>
    pod.securityContext?.runAsNonRoot === true && (pod.securityContext.runAsUser ?? 0) > 0,
  'has no seccomp profile': ({ pod }) => pod.securityContext?.seccompProfile?.type === 'RuntimeDefault',
  "uses the node's network, processes or files": ({ pod }) =>
    [pod.hostNetwork, pod.hostPID, pod.hostIPC, ...(pod.volumes ?? []).map(({ hostPath }) => hostPath)].every(
      (use) => !use,
    ),
  'has the service account of everybody': ({ pod }) => (pod.serviceAccountName ?? 'default') !== 'default',
  'is killed before it has finished what it was asked': ({ name, pod }) =>
    isWorkplace(name) ||
    (pod.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS) * 1000 > Math.max(...pod.containers.map(shutdownMs)),
  'is not probed for being alive and ready': ({ name, pod }) =>
    isWorkplace(name) ||
    pod.containers.every((each) => each.livenessProbe !== undefined && each.readinessProbe !== undefined),
  'gets rights on the API server that only api-service needs': (workload) =>
    workload.pod.automountServiceAccountToken === false || workload.name === 'Deployment/api-service',
};

const security = ({ securityContext }: Container): SecurityContext => securityContext ?? {};

const CONTAINER_RULES: Rules<Container> = {
  'can write to its root file system': (container) => security(container).readOnlyRootFilesystem === true,
  'can gain privileges': (container) =>
    security(container).allowPrivilegeEscalation === false && security(container).privileged !== true,
  'keeps capabilities': (container) => {
    const { drop = [], add = [] } = security(container).capabilities ?? {};
    return drop.includes('ALL') && add.length === 0;
  },
  'has no request or limit of CPU or memory': ({ resources }) =>
    [resources?.requests, resources?.limits].every(
      (amounts) => amounts?.cpu !== undefined && amounts.memory !== undefined,
    ),
};

/** @returns one line for each rule that a workload breaks */
export function policyViolations(workloads: readonly Workload[]): string[] {
  return workloads.flatMap((workload) => [
    ...broken(POD_RULES, workload).map((rule) => `${workload.name} ${rule}`),
    ...containersOf(workload).flatMap((container) =>
      broken(CONTAINER_RULES, container).map((rule) => `${workload.name}: container ${container.name} ${rule}`),
    ),
  ]);
}

const broken = <Subject>(rules: Rules<Subject>, subject: Subject): string[] =>
  Object.entries(rules).flatMap(([rule, isKept]) => (isKept(subject) ? [] : [rule]));
