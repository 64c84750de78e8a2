import { projectName } from '@keptn/event-models';
import { z } from 'zod';
import { ALL_SCOPES, ROLE_NAMES } from '../access/scopes';
import { optional } from '../contract/optional';
import { route } from '../contract/route';

const tag = 'Tokens';

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** An identity with its projects has to fit into the headers of every request. */
const MOST_PROJECTS = 100;
/** A week. */
const LONGEST_OVERLAP_SECONDS = 7 * 24 * 3_600;
const STANDARD_OVERLAP_SECONDS = 3_600;

const tokenName = z
  .string()
  .regex(NAME, '{field} must have 1 to 63 lower-case letters, digits and inner hyphens')
  .meta({ description: 'Name of the token', example: 'ci-sockshop' });

const scopes = z.array(z.enum(ALL_SCOPES)).min(1);
const time = z.iso.datetime().meta({ example: '2026-01-31T10:15:30.123Z' });

const granted = {
  role: z.enum(ROLE_NAMES).optional().meta({ description: 'The role that it was given, if any', example: 'operator' }),
  scopes: scopes.meta({ description: 'What it permits', example: ['event:read', 'event:write'] }),
  projects: z
    .array(z.string())
    .optional()
    .meta({ description: 'The projects that it is for; absent: all', example: ['sockshop'] }),
};

const token = z
  .object({
    id: z
      .string()
      .meta({ description: 'Stays when the token is rotated', example: '0a1c2f0e-1f8e-4c62-9d36-0d5b3f0a9d11' }),
    name: tokenName,
    ...granted,
    createdAt: time,
    createdBy: z.string().meta({ description: 'Who created it', example: 'ada' }),
    expiresAt: time.optional().meta({ description: 'Absent when it does not expire' }),
    lastUsedAt: time.optional().meta({ description: 'To the hour; absent when it was never used' }),
  })
  .meta({ id: 'Token' });
export type Token = z.infer<typeof token>;

const newToken = z
  .object({
    name: tokenName,
    role: optional(z.enum(ROLE_NAMES)).meta({ description: 'Either a role', example: 'operator' }),
    scopes: optional(scopes).meta({ description: 'or scopes', example: ['event:write'] }),
    projects: optional(z.array(projectName).min(1).max(MOST_PROJECTS)).meta({
      description: 'The projects that it is for; all when absent',
      example: ['sockshop'],
    }),
    expiresAt: optional(z.iso.datetime({ offset: true })).meta({
      description: 'When it ends; never when absent',
      example: '2030-01-31T00:00:00Z',
    }),
  })
  .refine(({ role, scopes: given }) => (role === undefined) !== (given === undefined), {
    error: 'either role or scopes in body is required',
  })
  .meta({ id: 'NewToken', example: { name: 'ci-sockshop', role: 'operator', projects: ['sockshop'] } });
export type NewToken = z.output<typeof newToken>;

const secret = z.string().meta({
  description: 'The token itself, which is shown this once; clients send it as `x-token`',
  example: 'kpt_0123456789abcdefghijABCDEFGHIJ0000000000',
});

const createdToken = token.extend({ token: secret }).meta({ id: 'CreatedToken' });
export type CreatedToken = z.infer<typeof createdToken>;

const rotation = z
  .object({
    overlapSeconds: optional(z.int().min(0).max(LONGEST_OVERLAP_SECONDS))
      .transform((seconds) => seconds ?? STANDARD_OVERLAP_SECONDS)
      .meta({
        description: `How long the token before counts beside the new one, in seconds; ${STANDARD_OVERLAP_SECONDS} when absent`,
        example: STANDARD_OVERLAP_SECONDS,
      }),
  })
  .meta({ id: 'TokenRotation' });

const rotatedToken = token
  .extend({ token: secret, previousValidUntil: time.meta({ description: 'Until then the token before counts' }) })
  .meta({ id: 'RotatedToken' });
export type RotatedToken = z.infer<typeof rotatedToken>;

const names = z.object({ name: tokenName });
const administered = { scope: 'token:manage', keepsToProjects: true, tag } as const;

export const createToken = route({
  method: 'POST',
  path: '/v1/token',
  ...administered,
  summary: 'Create a token',
  description:
    'For a program: a pipeline, a dashboard, an integration. Nobody can give a token more than they may do themselves. Only a hash of it is stored.',
  body: newToken,
  answers: { 201: { description: 'The token counts from now on', body: createdToken } },
  errors: ['FORBIDDEN', 'TOKEN_EXISTS', 'DATABASE_UNAVAILABLE'],
});

export const listTokens = route({
  method: 'GET',
  path: '/v1/token',
  ...administered,
  summary: 'List tokens, without the tokens themselves',
  answers: { 200: { description: 'By name', body: z.object({ tokens: z.array(token) }).meta({ id: 'Tokens' }) } },
  errors: ['DATABASE_UNAVAILABLE'],
});

export const rotateToken = route({
  method: 'POST',
  path: '/v1/token/{name}/rotate',
  ...administered,
  summary: 'Replace a token by a new one',
  description: 'What it permits stays. Both count during the overlap, so that a client can change over without a gap.',
  parameters: names,
  body: rotation,
  answers: { 200: { description: 'The new token', body: rotatedToken } },
  errors: ['FORBIDDEN', 'TOKEN_NOT_FOUND', 'CONFLICT', 'DATABASE_UNAVAILABLE'],
});

export const deleteToken = route({
  method: 'DELETE',
  path: '/v1/token/{name}',
  ...administered,
  summary: 'Delete a token',
  description: 'It is refused within two seconds, at every replica.',
  parameters: names,
  answers: { 200: { description: 'The token is deleted' } },
  errors: ['TOKEN_NOT_FOUND', 'DATABASE_UNAVAILABLE'],
});
