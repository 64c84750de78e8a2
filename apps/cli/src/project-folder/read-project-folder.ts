import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Failure, reasonOf } from '../failures/failure';
import { decodeText } from '../input/text';
import { unpackCharts } from './unpack-charts';
import {
  type Files,
  MANIFEST,
  PROJECT_FILES,
  type ProjectFolder,
  SERVICE_FILES,
  SHIPYARD,
  STAGE_FILES,
} from './project-folder';

/**
 * Reads a folder that describes a project.
 *
 * @throws Failure when it describes none
 */
export async function readProjectFolder(folder: string): Promise<ProjectFolder> {
  const shipyard = await readFile(join(folder, SHIPYARD)).catch((error: unknown) => {
    throw new Failure('usage', `${join(folder, SHIPYARD)} cannot be read: ${reasonOf(error)}`, {
      hint: 'The folder of a project holds keptn.yaml, shipyard.yaml, and resources in project/, stages/ and services/.',
      cause: error,
    });
  });
  const manifest = await readManifest(folder);
  const services = await readGroups(join(folder, SERVICE_FILES));
  const ofStages = await readGroups(join(folder, STAGE_FILES));
  const stages = new Set([...(await stagesOf(shipyard)), ...ofStages.keys()]);
  return {
    project: manifest.project,
    services: [...new Set([...manifest.services, ...services.keys()])],
    shipyard,
    projectFiles: await readFiles(join(folder, PROJECT_FILES)),
    stageFiles: new Map(
      [...stages].map((stage) => [stage, new Map([...inFolders(services), ...(ofStages.get(stage) ?? [])])]),
    ),
  };
}

async function stagesOf(shipyard: Buffer): Promise<string[]> {
  const { InvalidShipyard, parseShipyard } = await import('../models');
  try {
    return parseShipyard(decodeText(shipyard, SHIPYARD)).stages.map(({ name }) => name);
  } catch (error) {
    if (error instanceof InvalidShipyard) {
      throw new Failure('usage', `${SHIPYARD}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

interface Manifest {
  readonly project: string;
  readonly services: readonly string[];
}

async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, MANIFEST);
  const { parse } = await import('yaml');
  try {
    const content = parse(decodeText(await readFile(file), file)) as { project?: unknown; services?: unknown } | null;
    const { project, services = [] } = content ?? {};
    if (typeof project !== 'string') {
      throw new Error('it has no "project" with the name of the project');
    }
    if (!Array.isArray(services) || !services.every((name): name is string => typeof name === 'string')) {
      throw new Error('"services" must be a list of names');
    }
    return { project, services };
  } catch (error) {
    throw new Failure('usage', `${file} cannot be used: ${reasonOf(error)}`, {
      hint: 'It looks like "project: sockshop" and "services: [carts, carts-db]".',
      cause: error,
    });
  }
}

/** The files of each folder in a folder. */
async function readGroups(folder: string): Promise<Map<string, Files>> {
  const entries = await entriesOf(folder);
  const groups = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return new Map(await Promise.all(groups.map(async (name) => [name, await readFiles(join(folder, name))] as const)));
}

/** `slo.yaml` of the group carts becomes `carts/slo.yaml`. */
const inFolders = (groups: ReadonlyMap<string, Files>): [string, Buffer][] =>
  [...groups].flatMap(([name, files]) =>
    [...files].map(([path, content]): [string, Buffer] => [`${name}/${path}`, content]),
  );

/** All files below a folder by their path in it; none when it does not exist. Charts are unpacked, as the server does it. */
async function readFiles(folder: string): Promise<Files> {
  const entries = (await entriesOf(folder, true)).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).toSorted();
  const files = new Map<string, Buffer>();
  for (const path of paths) {
    files.set(relative(folder, path).split(sep).join('/'), await readFile(path));
  }
  return unpackCharts(files);
}

async function entriesOf(folder: string, recursive = false) {
  try {
    return await readdir(folder, { withFileTypes: true, recursive });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return [];
    }
    throw new Failure('failed', `${folder} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}
