import { z } from 'zod';
import { optional } from '../contract/optional';

/** Longest address, user and secret that are looked at, in characters. */
const MAX_ADDRESS = 1_000;
const MAX_USER = 200;
const MAX_SECRET = 20_000;

const text = (maximum: number) => optional(z.string().max(maximum, `{field} must have at most ${maximum} characters`));

/** Fields of an upstream repository in requests, by the names of both services of the original. */
export const upstreamFields = {
  gitUser: text(MAX_USER).meta({ description: 'User of the upstream repository', example: '' }),
  gitToken: text(MAX_SECRET).meta({ description: 'Token or password of that user, for HTTPS', example: '' }),
  gitPrivateKey: text(MAX_SECRET).meta({
    description: 'Private key for SSH, in the form of OpenSSH or PEM and without a passphrase',
    example: '',
  }),
  gitRemoteURI: text(MAX_ADDRESS).meta({
    description: 'Upstream repository: an https, http or ssh address without credentials',
    example: '',
  }),
  gitRemoteURL: text(MAX_ADDRESS).meta({ description: 'Another name of gitRemoteURI', example: '' }),
};
export type UpstreamFields = Partial<z.infer<z.ZodObject<typeof upstreamFields>>>;

const upstreamConflict = z
  .object({
    branch: z.string().meta({ example: 'dev' }),
    paths: z.array(z.string()).meta({ description: 'Files that both sides changed', example: ['carts/slo.yaml'] }),
  })
  .meta({ id: 'UpstreamConflict' });

const upstreamState = z
  .object({
    inSync: z
      .boolean()
      .meta({ description: 'Whether the upstream holds everything, and nothing else, as far as known' }),
    ahead: z.number().meta({ description: 'Commits that are not pushed yet, at the last attempt' }),
    behind: z.number().meta({ description: 'Commits of the upstream that are not here, at the last attempt' }),
    failingSince: z
      .string()
      .optional()
      .meta({ description: 'Absent while all goes well', example: '2026-01-31T12:00:00.000Z' }),
    lastError: z.string().optional().meta({ description: 'Why it fails; never holds a credential' }),
    conflicts: z
      .array(upstreamConflict)
      .optional()
      .meta({ description: 'Branches that wait until both sides have the same content in these files' }),
  })
  .meta({ id: 'UpstreamState' });
export type UpstreamState = z.infer<typeof upstreamState>;

/** Fields of an upstream repository in answers; absent when a project has none. */
export const upstreamAnswer = {
  gitUser: z.string().optional().meta({ description: 'User of the upstream repository', example: 'keptn-bot' }),
  gitRemoteURI: z
    .string()
    .optional()
    .meta({ description: 'Upstream repository', example: 'https://git.example.com/team/sockshop.git' }),
  upstream: upstreamState.optional(),
};
