import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { type SigningSecret } from '../subscription/subscription.schema';

const SECRET_PREFIX = 'whsec_';

/** 192 bits; the specification asks for 24 to 64 bytes. */
const SECRET_BYTES = 24;

/** A new key, in the form that libraries of Standard Webhooks read. */
export const newSigningSecret = (): string => SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64');

interface Key {
  readonly key: KeyObject;
  readonly validUntil: Date | undefined;
}

/**
 * The headers by which a receiver knows that a request comes from here and is no replay
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 */
export class Signature {
  private readonly keys: readonly Key[];

  constructor(secrets: readonly SigningSecret<string>[]) {
    this.keys = secrets.map(({ secret, validUntil }) => ({ key: keyOf(secret), validUntil }));
  }

  /**
   * @param id of the message, the same for each attempt
   * @param now of this attempt
   */
  headers(id: string, body: string, now: Date): Record<string, string> {
    const timestamp = String(Math.floor(now.getTime() / 1_000));
    const signed = `${id}.${timestamp}.${body}`;
    const valid = this.keys.filter(({ validUntil }) => validUntil === undefined || validUntil > now);
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': valid.map(({ key }) => `v1,${hmac(key, signed)}`).join(' '),
    };
  }
}

const keyOf = (secret: string): KeyObject => createSecretKey(Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64'));

const hmac = (key: KeyObject, text: string): string => createHmac('sha256', key).update(text).digest('base64');
