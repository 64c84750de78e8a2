import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type Session } from './session';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D section 5.2.1.1: the length for random initialization vectors. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

const session = z.object({
  id: z.string(),
  name: z.string().exactOptional(),
  until: z.number(),
  rights: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('token'), token: z.string() }),
    z.object({ kind: z.literal('password'), mark: z.string() }),
  ]),
});

/** Writes sessions so that only the replicas of this deployment can read or make them. */
export class SessionSeal {
  private readonly key: Buffer;

  /** @param secret of the deployment; sessions end when it changes */
  constructor(secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, 'keptn', 'session cookie of the Bridge', KEY_BYTES));
  }

  seal(content: Session): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, iv);
    const encrypted = [cipher.update(JSON.stringify(content), 'utf8'), cipher.final()];
    return Buffer.concat([iv, ...encrypted, cipher.getAuthTag()]).toString('base64url');
  }

  /** @returns undefined for what this deployment has not sealed */
  open(sealed: string): Session | undefined {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length <= IV_BYTES + TAG_BYTES) return undefined;
    try {
      const decipher = createDecipheriv(ALGORITHM, this.key, bytes.subarray(0, IV_BYTES));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const text = [decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()];
      return session.parse(JSON.parse(Buffer.concat(text).toString('utf8')));
    } catch {
      return undefined;
    }
  }
}
