import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { defineCommand } from '../../command-line/command';
import { type Server } from '../../command-line/session';
import { expandTilde } from '../../environment';
import { Failure, reasonOf } from '../../failures/failure';
import { makeFolder } from '../../project-folder/make-folder';
import { EVENTS } from '../../project-folder/project-folder';
import { readProject } from '../../project-folder/read-project';
import { writeProjectFolder } from '../../project-folder/write-project-folder';

export const exportProject = defineCommand({
  words: ['export', 'project'],
  summary: 'Write a project with its resources and events into a folder',
  details:
    '"keptn import project" makes a project of it, here or at another control plane; "keptn apply" takes it as well.',
  arguments: { name: { summary: 'Name of the project', completes: 'project' } },
  flags: {
    file: {
      short: 'f',
      value: 'folder',
      completes: 'folder',
      summary: 'New or empty folder; the name of the project unless given',
    },
    withoutEvents: { summary: 'Only the resources' },
  },
  examples: [
    { command: 'keptn export project sockshop', says: 'Into the folder sockshop' },
    { command: 'keptn export project sockshop -f backup/sockshop --without-events', says: 'Only its resources' },
  ],
  run: async ({ name, file, withoutEvents }, session) => {
    const target = resolve(file === undefined ? name : expandTilde(file));
    await assertEmpty(target);
    const server = await session.connect();
    const project = await readProject(server.configuration, name);
    const aside = `${target}.${randomBytes(6).toString('hex')}`;
    try {
      await writeProjectFolder(aside, project);
      if (!withoutEvents) {
        await writeEvents(join(aside, EVENTS), name, server);
      }
      // An empty folder is replaced by it.
      await rename(aside, target);
    } catch (error) {
      await rm(aside, { recursive: true, force: true });
      throw error instanceof Failure
        ? error
        : new Failure('failed', `${target} cannot be written: ${reasonOf(error)}`, { cause: error });
    }
    session.output.say(`Project ${name} is exported to ${target}`);
    await session.output.done({ value: { project: name, folder: target }, names: [target] });
  },
});

/** @throws Failure */
async function assertEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return [];
    }
    throw new Failure('failed', `${folder} cannot be used: ${reasonOf(error)}`, { cause: error });
  });
  if (entries.length > 0) {
    throw new Failure('conflict', `${folder} is not empty`, { hint: 'Choose another folder with --file.' });
  }
  makeFolder(dirname(folder));
}

async function writeEvents(file: string, project: string, { eventLog }: Server): Promise<void> {
  await pipeline(eventLog.lines({ project }), createWriteStream(file));
}
