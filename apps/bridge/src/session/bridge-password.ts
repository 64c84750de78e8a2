import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bridgeCredentials, type BridgeCredentials } from '@keptn/api-models';
import { ServiceUnavailable } from '@keptn/service-kit';
import { type BridgeSettings } from '../settings';

/** Written by api-service when somebody calls `keptn configure bridge` outside of a cluster. */
const FILE = 'bridge-credentials.json';

/** How long user and password are taken as unchanged, in milliseconds. */
const MEMORY_MS = 1_000;

/** User and password of the Bridge, as `keptn configure bridge` sets them. */
export class BridgePassword {
  private remembered: { readonly mark: string | undefined; readonly until: number } | undefined;

  constructor(private readonly settings: BridgeSettings) {}

  /** One that cannot be read at the moment may be set: whoever tries it is told so, and all others go on. */
  async isSet(): Promise<boolean> {
    try {
      return (await this.mark()) !== undefined;
    } catch (error) {
      if (error instanceof ServiceUnavailable) return true;
      throw error;
    }
  }

  /**
   * @returns what shows later that the password is still the same; undefined when it is wrong
   * @throws ServiceUnavailable when it cannot be read
   */
  async check(offered: BridgeCredentials): Promise<string | undefined> {
    const mark = await this.mark();
    return mark !== undefined && isSame(this.markOf(offered), mark) ? mark : undefined;
  }

  /**
   * Whether user and password are still those of which {@link check} gave the mark.
   *
   * @throws ServiceUnavailable when they cannot be read
   */
  async isCurrent(given: string): Promise<boolean> {
    const mark = await this.mark();
    return mark !== undefined && isSame(given, mark);
  }

  private async mark(): Promise<string | undefined> {
    const now = performance.now();
    if (this.remembered === undefined || this.remembered.until < now) {
      const credentials = await this.read();
      const mark = credentials && this.markOf(credentials);
      this.remembered = { mark, until: now + MEMORY_MS };
    }
    return this.remembered.mark;
  }

  private async read(): Promise<BridgeCredentials | undefined> {
    const { BASIC_AUTH_USERNAME: user, BASIC_AUTH_PASSWORD: password, KEPTN_DATA_DIR: folder } = this.settings;
    if (user !== undefined && password !== undefined) return { user, password };
    if (folder === undefined) return undefined;
    const text = await readFile(join(folder, FILE), 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw new ServiceUnavailable('the password of the Bridge cannot be read; try again in a moment', {
        cause: error,
      });
    });
    return text === undefined ? undefined : bridgeCredentials.parse(JSON.parse(text));
  }

  private markOf({ user, password }: BridgeCredentials): string {
    return createHmac('sha256', this.settings.KEPTN_API_TOKEN)
      .update(JSON.stringify([user, password]))
      .digest('base64url');
  }
}

const isSame = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
