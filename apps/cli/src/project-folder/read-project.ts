import { type Configuration } from '../api/configuration';
import { type ResourceScope } from '../api/resource-scope';
import { type Files, type ProjectFolder, SERVER_FILE, SHIPYARD } from './project-folder';

/** Requests at the same time. */
const PARALLEL = 8;

/** Reads a project from the server in the form of a folder. */
export async function readProject(configuration: Configuration, project: string): Promise<ProjectFolder> {
  const { stages } = await configuration.project(project);
  const all = new Map(await readScope(configuration, { project }));
  const shipyard = all.get(SHIPYARD) ?? Buffer.alloc(0);
  all.delete(SHIPYARD);
  const stageFiles = new Map<string, Files>();
  for (const { stageName } of stages ?? []) {
    stageFiles.set(stageName, await readScope(configuration, { project, stage: stageName }));
  }
  const services = (stages ?? []).flatMap((stage) => stage.services ?? []).map(({ serviceName }) => serviceName);
  return { project, services: [...new Set(services)], shipyard, projectFiles: all, stageFiles };
}

/** The resources of a scope but for the file that names the project. */
async function readScope(configuration: Configuration, scope: ResourceScope): Promise<Files> {
  const paths = (await configuration.resourcePaths(scope)).filter((path) => path !== SERVER_FILE);
  return new Map(await readAll(configuration, scope, paths));
}

/** The content of resources, in the order of the paths. */
export async function readAll(
  configuration: Configuration,
  scope: ResourceScope,
  paths: readonly string[],
): Promise<[string, Buffer][]> {
  const files: [string, Buffer][] = paths.map((path) => [path, Buffer.alloc(0)]);
  const waiting = files.values();
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (const file of waiting) {
        const { resourceContent } = await configuration.resource(scope, file[0]);
        file[1] = Buffer.from(resourceContent, 'base64');
      }
    }),
  );
  return files;
}
