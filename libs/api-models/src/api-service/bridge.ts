import { z } from 'zod';
import { route } from '../contract/route';

const tag = 'Bridge';
const path = '/v1/config/bridge';

/** Longest user or password, in characters. */
const LIMIT = 1024;

const text = (name: string, description: string, example: string) =>
  z
    .string()
    .min(1, `no ${name} provided`)
    .max(LIMIT)
    .meta({ description, examples: [example] });

/** The original reports the password first (contract 3.9). */
export const bridgeCredentials = z
  .object({
    password: text('password', 'Password of the Bridge', 'a-long-password'),
    user: text('user', 'User of the Bridge', 'keptn'),
  })
  .meta({ id: 'BridgeCredentials' });
export type BridgeCredentials = z.infer<typeof bridgeCredentials>;

export const setBridgeCredentials = route({
  method: 'POST',
  path,
  scope: 'system:manage',
  tag,
  summary: 'Set user and password of the Bridge',
  description: 'In a cluster they are kept in a secret, and the Bridge is restarted; otherwise in the data folder.',
  body: bridgeCredentials,
  answers: { 200: { description: 'They are set; the body is an empty JSON string', body: z.string() } },
  errors: ['INVALID_REQUEST', 'BAD_GATEWAY', 'CREDENTIALS_NOT_STORED'],
});

export const getBridgeCredentials = route({
  method: 'GET',
  path,
  scope: 'system:manage',
  tag,
  summary: 'Read user and password of the Bridge',
  description: 'In clear text.',
  answers: { 200: { description: 'The credentials', body: bridgeCredentials } },
  errors: ['NO_BRIDGE_CREDENTIALS', 'BAD_GATEWAY', 'CREDENTIALS_NOT_STORED'],
});
