import { z } from 'zod';

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
