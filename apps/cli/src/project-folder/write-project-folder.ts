import { writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { Failure } from '../failures/failure';
import { makeFolder } from './make-folder';
import { type Files, MANIFEST, PROJECT_FILES, type ProjectFolder, SHIPYARD, STAGE_FILES } from './project-folder';

/** Writes a project into an empty folder. */
export async function writeProjectFolder(folder: string, content: ProjectFolder): Promise<void> {
  const { stringify } = await import('yaml');
  const { project, services, shipyard, projectFiles, stageFiles } = content;
  makeFolder(folder);
  await writeFile(join(folder, MANIFEST), stringify({ project, services }));
  await writeFile(join(folder, SHIPYARD), shipyard);
  await writeFiles(join(folder, PROJECT_FILES), projectFiles);
  for (const [stage, files] of stageFiles) {
    await writeFiles(inside(join(folder, STAGE_FILES), stage), files);
  }
}

async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, content] of files) {
    const file = inside(folder, path);
    makeFolder(dirname(file));
    await writeFile(file, content);
  }
}

/**
 * A path that a server has named must not lead out of the folder.
 *
 * @throws Failure
 */
function inside(folder: string, path: string): string {
  const target = resolve(folder, path);
  if (!target.startsWith(`${resolve(folder)}${sep}`)) {
    throw new Failure('failed', `the server has a resource that cannot be written here: ${path}`);
  }
  return target;
}
