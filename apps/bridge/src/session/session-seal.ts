import { z } from 'zod';
import { Seal } from '../seal/seal';
import { type Session } from './session';

const session = z.object({
  id: z.string(),
  name: z.string().exactOptional(),
  until: z.number(),
  rights: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('token'), token: z.string() }),
    z.object({ kind: z.literal('password'), mark: z.string() }),
    z.object({
      kind: z.literal('identity'),
      issuer: z.string(),
      token: z.string(),
      tokenUntil: z.number(),
      refreshToken: z.string().exactOptional(),
    }),
  ]),
});

/** For session cookies. */
export class SessionSeal extends Seal<Session> {
  /** @param secret of the deployment; sessions end when it changes */
  constructor(secret: string) {
    super({ secret, purpose: 'session cookie of the Bridge', content: session });
  }
}
