import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Project } from '../../api/answers';
import { orMissing } from '../../api/eventually';
import { defineCommand } from '../../command-line/command';
import { type Server, type Session } from '../../command-line/session';
import { dryRunFlag } from '../../command-line/shared-flags';
import { expandTilde } from '../../environment';
import { Failure, reasonOf } from '../../failures/failure';
import { EVENTS, type ProjectFolder, SERVER_FILE } from '../../project-folder/project-folder';
import { readProjectFolder } from '../../project-folder/read-project-folder';
import { writeResources } from '../../project-folder/write-resources';
import { renamedEvents } from './renamed-events';

export const importProject = defineCommand({
  words: ['import', 'project'],
  summary: 'Make a project of a folder that "keptn export project" has written',
  details:
    'With another name, events get new ids and new Keptn contexts, consistently, and the new project name; all else is equal. ' +
    'When something fails, and at Ctrl-C, the project that was begun is deleted again; when the import itself is killed, the ' +
    'same command with --resume completes what it left.',
  arguments: { name: { optional: true, summary: 'Name of the new project; the exported one unless given' } },
  flags: {
    file: { short: 'f', value: 'folder', required: true, completes: 'folder', summary: 'Folder of the export' },
    resume: {
      summary:
        'Go on with an import of this folder that was killed; what is in the folder replaces what has changed since',
    },
    dryRun: dryRunFlag,
  },
  examples: [
    { command: 'keptn import project -f sockshop', says: 'Under its own name, e.g. at another control plane' },
    { command: 'keptn import project sockshop-copy -f sockshop', says: 'A copy beside it' },
    { command: 'keptn import project -f sockshop --resume', says: 'Once more, after the first import was killed' },
  ],
  run: async ({ name, file, dryRun, resume }, session) => {
    const source = expandTilde(file);
    const folder = await readProjectFolder(source);
    const project = name ?? folder.project;
    const server = await session.connect({ dryRun });
    const begun = await orMissing(server.configuration.project(project));
    if (begun !== undefined) {
      requireBegunFrom(folder, begun, resume);
    }
    session.output.say(`Starting to import project ${project}`);
    if (begun === undefined) {
      await server.configuration.createProject(project, folder.shipyard.toString('base64'));
    }
    try {
      await importResources(project, folder, { begun, server });
      const events = join(source, EVENTS);
      const stored = (await exists(events))
        ? await importEvents(renamedEvents(events, { from: folder.project, to: project }), server)
        : 0;
      session.output.say(`Project ${project} is imported, with ${stored} events`);
      await session.output.done({ value: { project, events: stored }, names: [`project/${project}`] });
    } catch (error) {
      throw begun === undefined ? await withdrawn(project, error, session) : error;
    }
  },
});

/**
 * Deletes what was begun, after Ctrl-C as well, which a second one ends.
 *
 * @returns why the import failed, and what has become of the project
 */
async function withdrawn(project: string, error: unknown, session: Session): Promise<Failure> {
  const { exit, message, hint } = error instanceof Failure ? error : new Failure('failed', reasonOf(error));
  const outcome = await deleted(project, session).then(
    () => `Project ${project}, which was begun, is deleted again.`,
    () =>
      `Project ${project} is there in part: --resume goes on with it, "keptn delete project ${project}" deletes it.`,
  );
  return new Failure(exit, message, { hint: hint === undefined ? outcome : `${outcome} ${hint}`, cause: error });
}

async function deleted(project: string, session: Session): Promise<void> {
  const { controlPlane } = await session.connect({ signal: new AbortController().signal });
  await controlPlane.deleteProject(project);
}

/** Goes on only with what an import of this folder may have begun: nothing else may be overwritten. */
function requireBegunFrom(folder: ProjectFolder, begun: Project, resume: boolean): void {
  const { projectName, shipyard = '' } = begun;
  if (!resume) {
    throw new Failure('conflict', `Project ${projectName} already exists`, {
      hint: 'Give the import another name; if it is what a killed import of this folder left, add --resume.',
    });
  }
  if (shipyard !== folder.shipyard.toString('base64')) {
    throw new Failure('conflict', `Project ${projectName} has another shipyard than the folder`, {
      hint: 'It is not what an import of this folder left: give the import another name.',
    });
  }
}

const exists = async (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** @param begun what an earlier import has made; everything but the existence of its services is written again */
async function importResources(
  project: string,
  folder: ProjectFolder,
  { begun, server }: { readonly begun: Project | undefined; readonly server: Server },
): Promise<void> {
  const { configuration } = server;
  for (const [stage, files] of folder.stageFiles) {
    const made = begun?.stages?.find(({ stageName }) => stageName === stage)?.services ?? [];
    for (const service of folder.services) {
      const isMade = made.some(({ serviceName }) => serviceName === service);
      if (!isMade && files.has(`${service}/${SERVER_FILE}`)) {
        await configuration.createServiceInStage({ project, stage, service });
      }
    }
    await writeResources(configuration, { project, stage }, files);
  }
  await writeResources(configuration, { project }, folder.projectFiles);
}

/** @returns how many were stored */
async function importEvents(lines: AsyncIterable<string>, { eventLog }: Server): Promise<number> {
  const { stored, replayed, refused, refusals } = await eventLog.importLines(lines);
  const [first] = refusals;
  if (refused > 0) {
    throw new Failure(
      'failed',
      `${refused} events were refused, the first in line ${first?.line ?? 0}: ${first?.message ?? ''}`,
    );
  }
  return stored + replayed;
}
