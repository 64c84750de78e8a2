import { type KubernetesObject } from './rendered';

export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly secretKeyRef?: { readonly name: string; readonly optional?: boolean };
    readonly configMapKeyRef?: { readonly name: string };
  };
}

export interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
  readonly seccompProfile?: { readonly type: string };
}

interface Amounts {
  readonly cpu?: string;
  readonly memory?: string;
}

export interface Container {
  readonly name: string;
  readonly env?: readonly EnvironmentVariable[];
  readonly securityContext?: SecurityContext;
  readonly resources?: { readonly requests?: Amounts; readonly limits?: Amounts };
  readonly readinessProbe?: object;
  readonly livenessProbe?: object;
  readonly startupProbe?: object;
  readonly volumeMounts?: readonly { readonly name: string }[];
}

export interface Volume {
  readonly name: string;
  readonly secret?: { readonly secretName: string; readonly optional?: boolean };
  readonly configMap?: { readonly name: string };
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly hostPath?: object;
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly securityContext?: SecurityContext;
  readonly terminationGracePeriodSeconds?: number;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
}

export interface Workload {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: PodSpec;
  readonly claims: readonly string[];
  readonly serviceName: string | undefined;
}

interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
}

interface WorkloadSpec {
  readonly template?: PodTemplate;
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  readonly serviceName?: string;
}

/** What starts pods among the documents. */
export function workloadsOf(documents: readonly KubernetesObject[]): Workload[] {
  return documents.flatMap((document) => {
    const { kind, metadata } = document;
    const name = `${kind}/${metadata.name}`;
    const spec = document['spec'] as WorkloadSpec | undefined;
    const template = kind === 'Pod' ? (document as unknown as PodTemplate) : spec?.template;
    if (template === undefined) {
      return [];
    }
    const claims = spec?.volumeClaimTemplates?.map((claim) => claim.metadata.name) ?? [];
    const labels = template.metadata?.labels ?? {};
    return [{ name, labels, pod: template.spec, claims, serviceName: spec?.serviceName }];
  });
}

export const containersOf = ({ pod }: Workload): Container[] => [...(pod.initContainers ?? []), ...pod.containers];
