import { type Grant, ROLE_NAMES, ROLES } from '@keptn/api-models';
import { z } from 'zod';

const grantRule = z
  .strictObject({
    claims: z.record(z.string(), z.string()).refine((claims) => Object.keys(claims).length > 0, 'must name a claim'),
    role: z.enum(ROLE_NAMES),
    projects: z.array(z.string().min(1)).min(1).optional(),
  })
  .transform(({ claims, role, projects }) => ({
    claims,
    grant: { scopes: ROLES[role], projects: projects ?? 'all' } satisfies Grant,
  }));

const signIn = z
  .strictObject({
    /** What people know the provider by. */
    name: z.string().min(1).max(60),
    /** Public client of the command line; of the Bridge too, unless that has one of its own. */
    clientId: z.string().min(1),
    bridgeClientId: z.string().min(1).optional(),
    scope: z.string().default('openid profile email'),
    /** Of the authorization request, such as `audience` for Auth0. */
    parameters: z.record(z.string(), z.string()).default({}),
    /** Which token is sent to the API. */
    token: z.enum(['access_token', 'id_token']).default('access_token'),
  })
  .transform(({ bridgeClientId, ...rest }) => ({ ...rest, bridgeClientId: bridgeClientId ?? rest.clientId }));

const identityProvider = z.strictObject({
  /** As in the tokens; a slash at its end makes no difference. */
  issuer: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, '')),
  /** Tokens for somebody else are refused. */
  audience: z.string().min(1),
  kind: z.enum(['person', 'workload']).default('person'),
  /** The claim by which people know each other. */
  nameClaim: z.string().default('email'),
  /** How people sign in from the command line and the Bridge; without it tokens are checked only. */
  signIn: signIn.optional(),
  /** What whoever has these claims may do; all rules that match count. */
  grants: z.array(grantRule).min(1),
});
export type IdentityProvider = z.output<typeof identityProvider>;

const identityProviders = z
  .array(identityProvider)
  .refine((all) => isOnce(all.map(({ issuer, audience }) => `${issuer} ${audience}`)), {
    error: 'two of them have the same issuer and audience',
  })
  .refine((all) => isOnce(all.filter((each) => each.signIn !== undefined).map(({ issuer }) => issuer)), {
    error: 'people can sign in with one of those that have the same issuer only',
  });

const isOnce = (values: readonly string[]): boolean => new Set(values).size === values.length;

/** Providers of identities (OpenID Connect), as JSON. */
export const identityProvidersSetting = z.string().transform((text, context) => {
  const { data, error } = identityProviders.safeParse(parsed(text));
  if (data !== undefined) return data;
  const [issue] = error.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  context.addIssue({
    code: 'custom',
    message: `must be a JSON list of identity providers${place}: ${issue?.message ?? ''}`,
  });
  return z.NEVER;
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
