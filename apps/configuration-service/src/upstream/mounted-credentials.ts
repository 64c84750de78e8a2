import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProjectName, projectName } from '@keptn/event-models';
import { LOGGER, RepeatedTask, SETTINGS } from '@keptn/service-kit';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { type Logger } from 'pino';
import { parse } from 'yaml';
import { type Settings } from '../settings';
import { type StoredAccess, storedAccess } from './upstream-access';

/** Milliseconds between two looks; no notice of the system tells of every change of a mounted folder. */
const LOOK_INTERVAL_MS = 1_000;

const UNUSABLE =
  'a file in UPSTREAM_CREDENTIALS_DIR is not used: it must be YAML with remoteURI, and user and token or privateKey';

/** @param former what the file said before; undefined when there was none that could be used */
export type MountedChange = (project: ProjectName, former: StoredAccess | undefined) => Promise<void>;

/**
 * Upstreams that the operator has set: a folder, such as a mounted Kubernetes secret, with one YAML or JSON file for each
 * project, named like it. Its changes are seen while the service runs; nothing of it is copied to the disk.
 */
@Injectable()
export class MountedCredentials implements BeforeApplicationShutdown {
  private readonly folder: string | undefined;
  private readonly known = new Map<ProjectName, StoredAccess>();
  /** What was taken over last, to see what is another now. */
  private readonly texts = new Map<ProjectName, string>();
  private isFailing = false;
  private watching: RepeatedTask | undefined;

  constructor(
    @Inject(SETTINGS) { UPSTREAM_CREDENTIALS_DIR }: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.folder = UPSTREAM_CREDENTIALS_DIR;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.watching?.stop();
  }

  get(project: ProjectName): StoredAccess | undefined {
    return this.known.get(project);
  }

  /** @returns the projects that have such an upstream */
  projects(): ProjectName[] {
    return [...this.known.keys()];
  }

  /** Reads the folder, and tells of every change from then on. */
  async watch(onChange: MountedChange): Promise<void> {
    const { folder } = this;
    if (folder === undefined) return;
    await this.look(folder, () => Promise.resolve());
    this.watching = new RepeatedTask(async () => {
      await this.look(folder, onChange);
      return LOOK_INTERVAL_MS;
    });
    this.watching.start();
  }

  /** What cannot be read leaves everything as it was, and is tried again. */
  private async look(folder: string, onChange: MountedChange): Promise<void> {
    try {
      const found = await readTexts(folder);
      for (const project of new Set([...this.texts.keys(), ...found.keys()])) {
        if (this.texts.get(project) !== found.get(project)) {
          await this.take(project, found.get(project), onChange);
        }
      }
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) {
        this.logger.error({ err: error }, 'cannot take over what is in UPSTREAM_CREDENTIALS_DIR; trying again');
      }
      this.isFailing = true;
    }
  }

  /** @param text undefined when the file is gone */
  private async take(project: ProjectName, text: string | undefined, onChange: MountedChange): Promise<void> {
    const former = this.known.get(project);
    if (text === undefined) {
      this.known.delete(project);
      await onChange(project, former);
      this.texts.delete(project);
      return;
    }
    const access = accessIn(text);
    if (access === undefined) {
      this.logger.error({ project }, UNUSABLE);
    } else {
      this.known.set(project, access);
      await onChange(project, former);
    }
    this.texts.set(project, text);
  }
}

/** Hidden names are the mount's own. */
async function readTexts(folder: string): Promise<Map<ProjectName, string>> {
  const texts = new Map<ProjectName, string>();
  for (const name of await readdir(folder)) {
    const project = projectName.safeParse(name);
    if (project.success) {
      texts.set(project.data, await readFile(join(folder, name), 'utf8'));
    }
  }
  return texts;
}

/** Undefined when it cannot be used; no error, which could hold a part of the secret. */
function accessIn(text: string): StoredAccess | undefined {
  try {
    // Every value is text, also a token of digits.
    return storedAccess.safeParse(parse(text, { schema: 'failsafe', logLevel: 'silent' })).data;
  } catch {
    return undefined;
  }
}
