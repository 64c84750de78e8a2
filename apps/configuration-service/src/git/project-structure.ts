import {
  parseShipyard,
  parseYaml,
  InvalidShipyard,
  encodeBase64Content,
  type ProjectName,
  serviceName,
  type ServiceName,
  type StageName,
  YAML_SIZE_LIMIT,
} from '@keptn/event-models';
import { GitStore, type Repository, type Snapshot } from '@keptn/git-store';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { fromGoTime, nanosecondsOf } from '../domain/creation-date';
import { METADATA_FILE, PROJECT_BRANCH, serviceMarker, SHIPYARD_FILE } from './layout';

export interface ServiceInStage {
  readonly service: ServiceName;
  /** Nanoseconds since 1970. */
  readonly creationDate: string;
}

export interface StageStructure {
  readonly stage: StageName;
  readonly services: readonly ServiceInStage[];
}

/** What exists in a project, as its repository says. */
export interface ProjectStructure {
  readonly project: ProjectName;
  /** Nanoseconds since 1970. */
  readonly creationDate: string;
  /** Base64 of its YAML. */
  readonly shipyard?: string;
  /** In the order of the shipyard, then those that it does not name. */
  readonly stages: readonly StageStructure[];
}

const metadata = z.looseObject({ creationtimestamp: z.string() });

/** Reads from Git what the view has to show. */
@Injectable()
export class ProjectStructureReader {
  constructor(private readonly store: GitStore) {}

  /** @throws RepositoryNotFound */
  async read(project: ProjectName): Promise<ProjectStructure> {
    const repository = this.store.repository(project);
    const main = await repository.at({ branch: PROJECT_BRANCH });
    const shipyard = await shipyardIn(main);
    const names = repository.branches().filter((branch) => branch !== PROJECT_BRANCH) as StageName[];
    return {
      project,
      creationDate: await creationDateOf(main, METADATA_FILE),
      ...(shipyard !== undefined && { shipyard: encodeBase64Content(shipyard) }),
      stages: await Promise.all(inOrderOf(shipyard, names).map((stage) => readStage(repository, stage))),
    };
  }
}

/** One that is too large to be a shipyard, which upstream repositories can bring, is as good as none. */
async function shipyardIn(main: Snapshot): Promise<Buffer | undefined> {
  if (!(await main.hasFile(SHIPYARD_FILE))) {
    return undefined;
  }
  const { content } = await main.readFile(SHIPYARD_FILE);
  return content.length <= YAML_SIZE_LIMIT ? content : undefined;
}

async function readStage(repository: Repository, stage: StageName): Promise<StageStructure> {
  const current = await repository.at({ branch: stage });
  const services: ServiceInStage[] = [];
  for (const folder of await current.folders()) {
    const name = serviceName.safeParse(folder);
    if (name.success && (await current.hasFile(serviceMarker(folder)))) {
      services.push({ service: name.data, creationDate: await creationDateOf(current, serviceMarker(folder)) });
    }
  }
  return { stage, services };
}

/** From the file's `creationtimestamp`; when somebody took that out, the time of the commit that is read. */
async function creationDateOf(current: Snapshot, path: string): Promise<string> {
  const commitTime = nanosecondsOf(current.commit.committer.time);
  if (!(await current.hasFile(path))) {
    return commitTime;
  }
  const { content } = await current.readFile(path);
  return creationTimestampOf(content.toString()) ?? commitTime;
}

/** A file that people can edit need not be YAML. */
function creationTimestampOf(text: string): string | undefined {
  const yaml = parseYaml(text, { version: '1.2', uniqueKeys: false, documents: 'first' });
  const parsed = metadata.safeParse('content' in yaml ? yaml.content : undefined);
  return parsed.success ? fromGoTime(parsed.data.creationtimestamp) : undefined;
}

function inOrderOf(shipyard: Buffer | undefined, stages: readonly StageName[]): StageName[] {
  const ordered = shipyard === undefined ? [] : stagesOf(shipyard.toString());
  const position = new Map(ordered.map((stage, index) => [stage, index]));
  return [...stages].sort((a, b) => (position.get(a) ?? ordered.length) - (position.get(b) ?? ordered.length));
}

function stagesOf(shipyard: string): StageName[] {
  try {
    return parseShipyard(shipyard).stages.map(({ name }) => name);
  } catch (error) {
    if (error instanceof InvalidShipyard) {
      return [];
    }
    throw error;
  }
}
