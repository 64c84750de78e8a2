import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProjectName } from '@keptn/event-models';
import { LOGGER, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { type Settings } from '../settings';
import { type StoredAccess, storedAccess } from './upstream-access';

/** Folder of the credentials in KEPTN_DATA_DIR. */
const CREDENTIALS_FOLDER = 'credentials';
const SUFFIX = '.json';
const SSH_SUFFIX = '.ssh';
/** No project has a dot in its name: a trial that was killed is removed as nobody's. */
const TRIAL_SUFFIX = '.trial.ssh';
const NEW_PREFIX = '.new-';

/**
 * The credentials of upstream repositories: one file for each project, readable by the owner of this process only. They
 * are in no answer, log or event.
 */
@Injectable()
export class CredentialsStore {
  private readonly folder: string;
  private readonly known = new Map<ProjectName, StoredAccess>();

  constructor(
    @Inject(SETTINGS) { KEPTN_DATA_DIR }: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.folder = join(KEPTN_DATA_DIR, CREDENTIALS_FOLDER);
  }

  /** Reads what is stored, and removes what belongs to no project or was left by a killed process. */
  async load(projects: ReadonlySet<string>): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await chmod(this.folder, 0o700);
    for (const name of await readdir(this.folder)) {
      const project = name.replace(/\.(json|ssh)$/, '') as ProjectName;
      if (name.startsWith(NEW_PREFIX) || !projects.has(project)) {
        await this.remove(join(this.folder, name));
      } else if (name.endsWith(SUFFIX)) {
        await this.loadOne(project);
      } else if (name.endsWith(SSH_SUFFIX)) {
        await this.removeKeys(join(this.folder, name));
      }
    }
  }

  get(project: ProjectName): StoredAccess | undefined {
    return this.known.get(project);
  }

  projects(): ProjectName[] {
    return [...this.known.keys()];
  }

  /** A folder for ssh: the keys of hosts, and private keys while they are used. */
  sshFolder(project: ProjectName): string {
    return join(this.folder, project + SSH_SUFFIX);
  }

  /** The same for an upstream that is being tested: its host is seen for the first time. */
  trialFolder(project: ProjectName): string {
    return join(this.folder, project + TRIAL_SUFFIX);
  }

  /** Replaces the file as a whole, durably. */
  async save(project: ProjectName, access: StoredAccess): Promise<void> {
    const temporary = join(this.folder, NEW_PREFIX + randomBytes(8).toString('hex'));
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(JSON.stringify(access));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.fileOf(project));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await this.sync();
    this.known.set(project, access);
  }

  /** Forgets credentials and known hosts. */
  async delete(project: ProjectName): Promise<void> {
    this.known.delete(project);
    await this.remove(this.fileOf(project));
    await this.remove(this.sshFolder(project));
    await this.sync();
  }

  /** Ends a test: the host that was seen in it is the one to see from now on. */
  async keepTrial(project: ProjectName): Promise<void> {
    await this.remove(this.sshFolder(project));
    await rename(this.trialFolder(project), this.sshFolder(project)).catch((error: unknown) => {
      // Only ssh makes the folder.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
        throw error;
      }
    });
  }

  async dropTrial(project: ProjectName): Promise<void> {
    await this.remove(this.trialFolder(project));
  }

  private async loadOne(project: ProjectName): Promise<void> {
    try {
      const parsed: unknown = JSON.parse(await readFile(this.fileOf(project), 'utf8'));
      this.known.set(project, storedAccess.parse(parsed));
    } catch {
      // The error could hold a part of the file.
      this.logger.error({ project }, 'cannot read the credentials of the upstream repository: set the upstream again');
    }
  }

  private async removeKeys(folder: string): Promise<void> {
    for (const name of await readdir(folder)) {
      if (name.startsWith('key-')) {
        await this.remove(join(folder, name));
      }
    }
  }

  private async remove(path: string): Promise<void> {
    await rm(path, { recursive: true, force: true });
  }

  private async sync(): Promise<void> {
    const folder = await open(this.folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  private fileOf(project: ProjectName): string {
    return join(this.folder, project + SUFFIX);
  }
}
