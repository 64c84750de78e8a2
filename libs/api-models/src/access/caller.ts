import { ALL_SCOPES, type Scope } from './scopes';

/** Projects that something is granted on. */
export type Projects = 'all' | readonly string[];

/** Some scopes on some projects. */
export interface Grant {
  readonly scopes: readonly Scope[];
  readonly projects: Projects;
}

/**
 * `service`: a service of the control plane, by the shared token and past the gateway. `shared`: whoever shows the shared token to the
 * gateway. `token`: a named token. `person` and `workload`: by OpenID Connect.
 */
export type CallerKind = 'service' | 'shared' | 'token' | 'person' | 'workload';

export interface CallerDescription {
  readonly kind: CallerKind;
  /** Name of the token, or of the person as others know them. */
  readonly name: string;
  /** Stays the same when the name changes: id of the token, subject of the person. */
  readonly id: string;
  readonly email?: string | undefined;
  readonly grants: readonly Grant[];
  /** When their token ends, in seconds since 1970; absent when it does not. */
  readonly expiresAt?: number | undefined;
}

/** Who makes a request, and the one place to ask what they may do. */
export class Caller {
  /** A service of the control plane. */
  static readonly SERVICE = new Caller({
    kind: 'service',
    name: 'control plane',
    id: 'service',
    grants: [{ scopes: ALL_SCOPES, projects: 'all' }],
  });

  /** The administrator by the shared token. */
  static readonly SHARED = new Caller({
    ...Caller.SERVICE.description,
    kind: 'shared',
    name: 'shared token',
    id: 'shared',
  });

  /** Whoever reads what is open to anyone. */
  static readonly ANYONE = new Caller({ kind: 'token', name: 'anyone', id: '', grants: [] });

  constructor(readonly description: CallerDescription) {}

  get name(): string {
    return this.description.name;
  }

  get id(): string {
    return this.description.id;
  }

  /** Whether the token says who it is; the shared one does not. */
  get isNamed(): boolean {
    return this.description.kind !== 'shared' && this.description.kind !== 'service';
  }

  /** @param project undefined for what belongs to no project: then the scope is needed on all of them */
  may(scope: Scope, project: string | undefined): boolean {
    return this.description.grants.some(
      ({ scopes, projects }) =>
        scopes.includes(scope) && (projects === 'all' || (project !== undefined && projects.includes(project))),
    );
  }

  /** Whether the scope is granted on any project. */
  mayAnywhere(scope: Scope): boolean {
    return this.description.grants.some(({ scopes, projects }) => scopes.includes(scope) && projects.length > 0);
  }

  /** The projects on which the scope is granted. */
  projectsWith(scope: Scope): Projects {
    const granted = this.description.grants.filter(({ scopes }) => scopes.includes(scope));
    if (granted.some(({ projects }) => projects === 'all')) return 'all';
    return [...new Set(granted.flatMap(({ projects }) => (projects === 'all' ? [] : projects)))];
  }
}
