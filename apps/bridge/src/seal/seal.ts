import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { type z } from 'zod';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D section 5.2.1.1: the length for random initialization vectors. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

export interface SealOptions<Content> {
  /** Of the deployment; what was sealed before it changed is worth nothing. */
  readonly secret: string;
  /** What is sealed for one is nothing for another. */
  readonly purpose: string;
  readonly content: z.ZodType<Content>;
}

/** Writes values so that only the replicas of this deployment can read or make them. */
export class Seal<Content> {
  private readonly key: Buffer;

  constructor(private readonly options: SealOptions<Content>) {
    this.key = Buffer.from(hkdfSync('sha256', options.secret, 'keptn', options.purpose, KEY_BYTES));
  }

  seal(content: Content): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, iv);
    const encrypted = [cipher.update(JSON.stringify(content), 'utf8'), cipher.final()];
    return Buffer.concat([iv, ...encrypted, cipher.getAuthTag()]).toString('base64url');
  }

  /** @returns undefined for what this deployment has not sealed */
  open(sealed: string): Content | undefined {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length <= IV_BYTES + TAG_BYTES) return undefined;
    try {
      const decipher = createDecipheriv(ALGORITHM, this.key, bytes.subarray(0, IV_BYTES));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const text = [decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()];
      return this.options.content.parse(JSON.parse(Buffer.concat(text).toString('utf8')));
    } catch {
      return undefined;
    }
  }
}
