import { describeFinding, type Finding } from './finding';
import { REMEDIATION_FORMAT, remediationFile } from './remediation.schema';
import { readYamlFile } from './yaml-file';

/** The only version that Keptn 0.7 acts upon. */
const REMEDIATION_VERSION = 'spec.keptn.sh/0.1.4';

export interface RemediationAction {
  readonly action: string;
  readonly name: string;
  readonly description: string;
  /** Anything that YAML can say; absent when it is null. */
  readonly value?: unknown;
  /** How long to wait after the action before its effect is evaluated, as a Go duration such as `10m`. */
  readonly waitTime?: string;
}

export interface RemediationEntry {
  /** How the title of a problem begins, or `default`. */
  readonly problemType: string;
  readonly actions: readonly RemediationAction[];
}

/** A `remediation.yaml` that cannot be used. */
export class InvalidRemediation extends Error {
  override readonly name = 'InvalidRemediation';

  /** @param kind whether it cannot be read at all, or is of a version that is not acted upon */
  constructor(
    readonly kind: 'unreadable' | 'version',
    message: string,
    readonly findings: readonly Finding[] = [],
  ) {
    super(message);
  }
}

/**
 * Reads `remediation.yaml` of {@link REMEDIATION_VERSION}.
 * @param text YAML, at most 1 MiB
 * @throws InvalidRemediation
 */
export function parseRemediation(text: string): readonly RemediationEntry[] {
  const { value, findings } = readYamlFile(text, REMEDIATION_FORMAT);
  if (value === undefined) {
    const [first] = findings;
    throw new InvalidRemediation(
      'unreadable',
      first ? describeFinding(first) : 'remediation.yaml is not valid',
      findings,
    );
  }
  const file = remediationFile.safeParse(value);
  if (!file.success || file.data.apiVersion !== REMEDIATION_VERSION) {
    throw new InvalidRemediation('version', `apiVersion must be ${REMEDIATION_VERSION}`);
  }
  return file.data.spec.remediations.map(({ problemType, actionsOnOpen }) => ({
    problemType,
    actions: actionsOnOpen.map(({ action, name, description, value: parameter, waitTime }) => ({
      action,
      name: name ?? '',
      description: description ?? '',
      ...(parameter !== undefined && parameter !== null && { value: parameter }),
      ...(waitTime && { waitTime }),
    })),
  }));
}

/**
 * The actions against a problem, in their order. The first matching entry that is long enough gives each action; the
 * entries of `default` count when no other entry matches.
 */
export function actionsAgainst(title: string, entries: readonly RemediationEntry[]): readonly RemediationAction[] {
  const matching = (text: string) =>
    entries.filter(({ problemType, actions }) => text.startsWith(problemType) && actions.length > 0);
  const own = matching(title);
  const lists = (own.length > 0 ? own : matching('default')).map(({ actions }) => actions);
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => lists.find(({ length }) => length > index)?.[index]).filter(
    (action) => action !== undefined,
  );
}
