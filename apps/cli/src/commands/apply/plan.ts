import { type Configuration } from '../../api/configuration';
import { orMissing } from '../../api/eventually';
import { type ResourceScope } from '../../api/resource-scope';
import { type Project } from '../../api/answers';
import {
  type Files,
  isOfServer,
  type ProjectFolder,
  SHIPYARD,
  withoutServerFiles,
} from '../../project-folder/project-folder';
import { readAll } from '../../project-folder/read-project';

/** A file that becomes another. */
export interface FileChange {
  readonly path: string;
  /** Absent when there is none yet. */
  readonly before?: Buffer;
  /** Absent when it goes. */
  readonly after?: Buffer;
}

export interface ScopeChange {
  readonly scope: ResourceScope;
  readonly files: readonly FileChange[];
}

/** What has to happen so that the server has what a folder says. */
export interface Plan {
  readonly isNew: boolean;
  readonly shipyard: Buffer;
  /** Stages that an existing project does not have yet. */
  readonly newStages: readonly string[];
  /** Services that are on no stage yet. */
  readonly newServices: readonly string[];
  /** Services that are on some stages, and those on which they are missing. */
  readonly missingOnStage: readonly { readonly stage: string; readonly service: string }[];
  readonly scopes: readonly ScopeChange[];
}

export const isEmpty = ({ isNew, newStages, newServices, missingOnStage, scopes }: Plan): boolean =>
  !isNew && newStages.length === 0 && newServices.length === 0 && missingOnStage.length === 0 && scopes.length === 0;

/** @param prune whether what the folder does not have is to go */
export async function planOf(folder: ProjectFolder, configuration: Configuration, prune: boolean): Promise<Plan> {
  const { project, services, shipyard } = folder;
  const existing = await orMissing(configuration.project(project));
  const having = (service: string): string[] => stagesWith(existing, service);
  const stages = [...folder.stageFiles.keys()];
  // The first stage on which a service is missing is no reason to create it everywhere.
  const known = services.filter((service) => having(service).length > 0);
  return {
    isNew: existing === undefined,
    shipyard,
    newStages: existing === undefined ? [] : stages.filter((stage) => !stageNames(existing).has(stage)),
    newServices: services.filter((service) => having(service).length === 0),
    missingOnStage: known.flatMap((service) =>
      stages.filter((stage) => !having(service).includes(stage)).map((stage) => ({ stage, service })),
    ),
    scopes: await scopeChanges(folder, existing, { configuration, prune }),
  };
}

const stageNames = (project: Project | undefined): Set<string> =>
  new Set(project?.stages?.map(({ stageName }) => stageName));

const stagesWith = (project: Project | undefined, service: string): string[] =>
  (project?.stages ?? [])
    .filter(({ services }) => services?.some(({ serviceName }) => serviceName === service))
    .map(({ stageName }) => stageName);

async function scopeChanges(
  folder: ProjectFolder,
  existing: Project | undefined,
  { configuration, prune }: { configuration: Configuration; prune: boolean },
): Promise<ScopeChange[]> {
  const { project } = folder;
  const ofProject =
    existing === undefined ? folder.projectFiles : new Map([[SHIPYARD, folder.shipyard], ...folder.projectFiles]);
  const stages = stageNames(existing);
  const wanted: { scope: ResourceScope; files: Files; isThere: boolean }[] = [
    { scope: { project }, files: ofProject, isThere: existing !== undefined },
    ...[...folder.stageFiles].map(([stage, files]) => ({
      scope: { project, stage },
      files,
      isThere: stages.has(stage),
    })),
  ];
  const changes: ScopeChange[] = [];
  for (const { scope, files, isThere } of wanted) {
    const paths = isThere ? await configuration.resourcePaths(scope) : [];
    const written = withoutServerFiles(files, scope);
    const shared = paths.filter((path) => written.has(path));
    const before = new Map(await readAll(configuration, scope, shared));
    const gone = prune ? paths.filter((path) => !files.has(path) && !isOfServer(path, scope)) : [];
    const changed = [...changedFiles(written, before), ...gone.map((path) => ({ path, before: Buffer.alloc(0) }))];
    if (changed.length > 0) {
      changes.push({ scope, files: changed });
    }
  }
  return changes;
}

function changedFiles(wanted: Files, existing: Files): FileChange[] {
  return [...wanted]
    .filter(([path, after]) => !(existing.get(path)?.equals(after) ?? false))
    .map(([path, after]) => {
      const before = existing.get(path);
      return before === undefined ? { path, after } : { path, before, after };
    });
}
