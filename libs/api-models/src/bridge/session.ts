import { z } from 'zod';
import { ALL_SCOPES } from '../access/scopes';
import { optional } from '../contract/optional';
import { route } from '../contract/route';

const tag = 'Session';
const path = '/session';

const TEXT_LIMIT = 512;
const NAME_LIMIT = 200;

const secret = z.string().min(1).max(TEXT_LIMIT);

export const sessionState = z
  .object({
    signedIn: z.boolean(),
    name: z.string().optional().meta({ description: 'What the person is called where decisions are shown' }),
    expiresAt: z.string().optional().meta({ description: 'RFC 3339', example: '2020-11-23T22:15:30.123Z' }),
    signInWith: z.array(z.string()).meta({
      description: 'Names of the identity providers that people can sign in with',
      example: ['Example Corp.'],
    }),
    grants: z
      .array(
        z.object({ scopes: z.array(z.enum(ALL_SCOPES)), projects: z.union([z.literal('all'), z.array(z.string())]) }),
      )
      .optional()
      .meta({ description: 'What the person may do; absent when nobody is signed in, and while it is not known' }),
    takesPassword: z.boolean().meta({ description: 'Whether a user and a password are set for the Bridge' }),
  })
  .meta({ id: 'SessionState' });
export type SessionState = z.infer<typeof sessionState>;

const newSession = z
  .object({
    token: optional(secret).meta({ description: 'The API token' }),
    user: optional(secret).meta({ description: 'As set by `keptn configure bridge`' }),
    password: optional(secret),
    name: optional(z.string().trim().max(NAME_LIMIT)).meta({
      description: 'What to call the person where decisions are shown',
      example: 'ada',
    }),
  })
  .refine(
    ({ token, user, password }) => token !== undefined || (user !== undefined && password !== undefined),
    'either token, or user and password, must be given',
  )
  .meta({ id: 'NewSession' });
export type NewSession = z.infer<typeof newSession>;

export const getSession = route({
  method: 'GET',
  path,
  scope: 'anyone',
  tag,
  summary: 'Read whether the browser is signed in',
  answers: { 200: { description: 'The state', body: sessionState } },
  errors: [],
});

export const signIn = route({
  method: 'POST',
  path,
  scope: 'anyone',
  tag,
  summary: 'Exchange a token, or user and password, for a session cookie',
  body: newSession,
  answers: { 200: { description: 'The session has begun; the cookie is set', body: sessionState } },
  errors: ['INVALID_REQUEST', 'UNAUTHENTICATED', 'FORBIDDEN', 'TOO_MANY_REQUESTS', 'SERVICE_UNAVAILABLE'],
});

export const signOut = route({
  method: 'DELETE',
  path,
  scope: 'anyone',
  tag,
  summary: 'End the session',
  answers: { 200: { description: 'There is no session any more', body: sessionState } },
  errors: ['FORBIDDEN'],
});
