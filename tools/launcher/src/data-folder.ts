import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { tokenSetting } from '@keptn/service-kit/settings';
import { StartFailure } from './start-failure';

/** Bytes of randomness in a generated token. */
const TOKEN_BYTES = 32;

/** A log that is larger than this at start is set aside as `<name>.log.1`, in bytes. */
const LOG_LIMIT = 10 * 1024 * 1024;

/** The folder that outlives the system: repositories, the embedded store, the token and the logs. */
export class DataFolder {
  private constructor(readonly path: string) {}

  /**
   * @param path as in KEPTN_DATA_DIR; made when it does not exist
   * @throws StartFailure when it cannot be made or written to
   */
  static async open(path: string): Promise<DataFolder> {
    const folder = new DataFolder(resolve(path));
    try {
      await mkdir(folder.logs, { recursive: true, mode: 0o700 });
      const probe = join(folder.path, `.writable-${randomBytes(6).toString('hex')}`);
      await writeFile(probe, '');
      await rm(probe);
    } catch (error) {
      throw new StartFailure(
        `the data folder ${folder.path} cannot be written to (${codeOf(error)}): ` +
          'mend its permissions, or choose another with KEPTN_DATA_DIR',
        { cause: error },
      );
    }
    return folder;
  }

  /** Where the embedded store keeps its files. */
  get store(): string {
    return join(this.path, 'mongodb');
  }

  get logs(): string {
    return join(this.path, 'logs');
  }

  get tokenFile(): string {
    return join(this.path, 'token');
  }

  /**
   * The token of this folder, generated at the first call and readable by its owner only.
   *
   * @throws StartFailure when the file holds something else
   */
  async token(): Promise<string> {
    if (!(await isThere(this.tokenFile))) await this.generateToken();
    const token = (await readFile(this.tokenFile, 'utf8')).trim();
    if (!tokenSetting.safeParse(token).success) {
      throw new StartFailure(`${this.tokenFile} does not hold a token: delete the file to get a new one`);
    }
    return token;
  }

  /** The file takes its name once it is whole, so that a full disk leaves none that is empty. An older one stays. */
  private async generateToken(): Promise<void> {
    const unnamed = `${this.tokenFile}-${randomBytes(6).toString('hex')}`;
    try {
      const text = `${randomBytes(TOKEN_BYTES).toString('base64url')}\n`;
      await writeFile(unnamed, text, { flag: 'wx', mode: 0o600, flush: true });
      await link(unnamed, this.tokenFile);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return;
      throw new StartFailure(`the token cannot be written to ${this.tokenFile} (${codeOf(error)})`, { cause: error });
    } finally {
      await rm(unnamed, { force: true });
    }
  }

  /** Opens the log of a service for appending. The caller closes it. */
  async openLog(service: string): Promise<Awaited<ReturnType<typeof open>>> {
    const path = this.logOf(service);
    const size = await stat(path).then(
      (stats) => stats.size,
      () => 0,
    );
    if (size > LOG_LIMIT) {
      await rename(path, `${path}.1`);
    }
    return open(path, 'a', 0o600);
  }

  logOf(service: string): string {
    return join(this.logs, `${service}.log`);
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
