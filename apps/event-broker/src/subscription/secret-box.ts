import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type Settings } from '../settings';
import { SubscriptionStore } from './subscription.store';
import {
  type SealedSecret,
  type SigningSecret,
  type StoredSecret,
  type SubscriptionRecord,
} from './subscription.schema';

const CIPHER = 'aes-256-gcm';

/** In bytes; those that NIST SP 800-38D recommends for GCM. */
const IV_LENGTH = 12;
const TAG_LENGTH = 16;

/** A stored secret is encrypted with a key that the service was not given, or it is not what was stored. */
export class UnreadableSecret extends Error {
  override readonly name = 'UnreadableSecret';
}

type SealedSecrets = Pick<SubscriptionRecord, 'secretHeaders' | 'secrets'>;

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/** Encrypts secrets of subscriptions before they are stored, with the first key of SECRET_ENCRYPTION_KEYS, and reads them. */
@Injectable()
export class SecretBox {
  private readonly keys: readonly Key[];

  constructor(@Inject(SETTINGS) { SECRET_ENCRYPTION_KEYS }: Pick<Settings, 'SECRET_ENCRYPTION_KEYS'>) {
    this.keys = SECRET_ENCRYPTION_KEYS.map((bytes) => ({ id: idOf(bytes), bytes }));
  }

  /** @param subscription whose secret it is: stored with another one it cannot be read */
  seal(secret: string, subscription: string): StoredSecret {
    const [key] = this.keys;
    if (key === undefined) return secret;
    const iv = randomBytes(IV_LENGTH);
    const cipher = createCipheriv(CIPHER, key.bytes, iv, { authTagLength: TAG_LENGTH }).setAAD(
      Buffer.from(subscription),
    );
    const encrypted = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return { key: key.id, sealed: Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString('base64') };
  }

  /** @throws UnreadableSecret */
  open(stored: StoredSecret, subscription: string): string {
    if (typeof stored === 'string') return stored;
    const key = this.keys.find(({ id }) => id === stored.key);
    if (key === undefined) {
      throw new UnreadableSecret(
        `its secrets are encrypted with the key ${stored.key}, which SECRET_ENCRYPTION_KEYS does not hold`,
      );
    }
    try {
      return decrypt(stored, key, subscription);
    } catch (error) {
      throw new UnreadableSecret('its secrets were changed in the database; create the subscription again', {
        cause: error,
      });
    }
  }

  /** @throws UnreadableSecret */
  secretsOf({ _id, secrets }: SubscriptionRecord): SigningSecret<string>[] {
    return secrets.map(({ secret, ...rest }) => ({ ...rest, secret: this.open(secret, _id) }));
  }

  sealHeaders(headers: Readonly<Record<string, string>>, subscription: string): Record<string, StoredSecret> {
    return mapValues(headers, (value) => this.seal(value, subscription));
  }

  /** @throws UnreadableSecret */
  headersOf({ _id, secretHeaders }: SubscriptionRecord): Record<string, string> {
    const stored = JSON.parse(secretHeaders) as Readonly<Record<string, StoredSecret>>;
    return mapValues(stored, (value) => this.open(value, _id));
  }

  /** Encrypts what is stored in clear or with a key that is being replaced. Secrets that cannot be read stay as they are. */
  async sealAgain(store: SubscriptionStore, records: readonly SubscriptionRecord[]): Promise<void> {
    for (const record of records.filter((each) => this.isOutdated(each))) {
      const sealed = this.sealedAgain(record);
      if (sealed !== undefined) await store.replaceSecrets(record, sealed);
    }
  }

  /** @returns undefined when they cannot be read, which whoever needs them says */
  private sealedAgain(record: SubscriptionRecord): SealedSecrets | undefined {
    const { _id: name } = record;
    try {
      return {
        secrets: this.secretsOf(record).map((each) => ({ ...each, secret: this.seal(each.secret, name) })),
        secretHeaders: JSON.stringify(this.sealHeaders(this.headersOf(record), name)),
      };
    } catch (error) {
      if (!(error instanceof UnreadableSecret)) throw error;
      return undefined;
    }
  }

  private isOutdated({ secrets, secretHeaders }: SubscriptionRecord): boolean {
    const headers = JSON.parse(secretHeaders) as Readonly<Record<string, StoredSecret>>;
    const keys = [...secrets.map(({ secret }) => secret), ...Object.values(headers)].map(keyOf);
    return keys.some((key) => key !== this.keys[0]?.id);
  }
}

const idOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex').slice(0, 8);

const keyOf = (stored: StoredSecret): string | undefined => (typeof stored === 'string' ? undefined : stored.key);

function decrypt({ sealed }: SealedSecret, { bytes }: Key, subscription: string): string {
  const content = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv(CIPHER, bytes, content.subarray(0, IV_LENGTH), { authTagLength: TAG_LENGTH })
    .setAAD(Buffer.from(subscription))
    .setAuthTag(content.subarray(IV_LENGTH, IV_LENGTH + TAG_LENGTH));
  return Buffer.concat([decipher.update(content.subarray(IV_LENGTH + TAG_LENGTH)), decipher.final()]).toString('utf8');
}

const mapValues = <From, To>(map: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]));
