/**
 * What a caller may be permitted to do: the words of tokens, roles and `x-keptn-scope` in the OpenAPI documents. Each is granted on all
 * projects or on some. docs/reference/access.md is made from this file.
 */
export const SCOPES = {
  'system:read': 'See which control plane this is',
  'project:read': 'Read projects, stages, services, and their resources with the history',
  'event:read': 'Read events and what follows from them: runs, evaluations, approvals, remediations',
  'subscription:read': 'Read subscriptions and deliveries',
  'event:write': 'Send events, start evaluations, decide on approvals, declare evaluations invalid',
  'resource:write': 'Write and delete resources',
  'service:write': 'Create and delete services',
  'project:write': 'Create, change and delete projects and stages',
  'subscription:write': 'Create, change and delete subscriptions; deliver events again',
  'audit:read': 'Read the audit log',
  'token:manage': 'Create, list, rotate and delete tokens',
  'system:manage':
    'Everything else: credentials of the Bridge, rebuilds, and what services of the control plane ask each other',
} as const;

export type Scope = keyof typeof SCOPES;

export const ALL_SCOPES = Object.keys(SCOPES) as [Scope, ...Scope[]];

const VIEWER = ['system:read', 'project:read', 'event:read', 'subscription:read'] as const satisfies readonly Scope[];
const OPERATOR = [...VIEWER, 'event:write'] as const;
const EDITOR = [...OPERATOR, 'resource:write', 'service:write'] as const;

/** A role is a set of scopes. */
export const ROLES = {
  viewer: VIEWER,
  operator: OPERATOR,
  editor: EDITOR,
  admin: ALL_SCOPES,
} as const satisfies Readonly<Record<string, readonly Scope[]>>;

export type Role = keyof typeof ROLES;

export const ROLE_NAMES = Object.keys(ROLES) as [Role, ...Role[]];

/**
 * What an operation asks of its caller: a scope; `caller`, any token that is right; `ticket`, a ticket of its own instead of a token;
 * `service`, to be one of the control plane; or nothing, since it is for `anyone`.
 */
export type RequiredScope = Scope | 'anyone' | 'caller' | 'service' | 'ticket';
