import {
  decodeShipyard,
  encodeBase64Content,
  InvalidShipyard,
  type ProjectName,
  type Shipyard,
  stageName,
} from '@keptn/event-models';
import { type Change, type InitialCommit, type Snapshot, type UpstreamContent } from '@keptn/git-store';
import { requestCommit } from '../git/commit-trailers';
import { METADATA_FILE, PROJECT_BRANCH, projectMetadata, SHIPYARD_FILE } from '../git/layout';
import { ShipyardRefused } from '../domain/structure.errors';

export interface NewProjectContent {
  readonly project: ProjectName;
  /** Nanoseconds since 1970. */
  readonly creationDate: string;
  readonly shipyard?: Shipyard;
  /** Whether there must be a shipyard, here or in the upstream repository. */
  readonly needsShipyard: boolean;
}

/**
 * The branches of a new project that goes on with what an upstream holds. The upstream's default branch becomes
 * `master`; other branches become stages; stages of the shipyard without a branch start from `master`. There is always a commit with
 * the trailers of the request, by which an interrupted creation is recognized.
 * @throws ShipyardRefused when the upstream's own shipyard is to be used and cannot be
 */
export async function adoptedBranches(
  { project, creationDate, shipyard, needsShipyard }: NewProjectContent,
  { branches, defaultBranch }: UpstreamContent,
): Promise<InitialCommit[]> {
  const main = branches.get(PROJECT_BRANCH) ?? branches.get(defaultBranch ?? '');
  const used = shipyard ?? (await shipyardIn(main));
  if (used === undefined && needsShipyard) {
    throw new ShipyardRefused('shipyard in body is empty, and the upstream repository has no shipyard.yaml: send one');
  }
  const stages = used?.stages.map(({ name }) => name) ?? [];
  const isStage = (branch: string): boolean =>
    branch !== PROJECT_BRANCH &&
    stageName.safeParse(branch).success &&
    (branch !== defaultBranch || stages.some((stage) => stage === branch));
  const adopted = [...branches].filter(([branch]) => isStage(branch));
  const missing = stages.filter((stage) => !branches.has(stage));
  const metadata = { path: METADATA_FILE, content: projectMetadata(project, creationDate) };
  const commit = requestCommit();
  const isNew = !((await main?.hasFile(METADATA_FILE)) ?? false);
  return [
    {
      branch: PROJECT_BRANCH,
      ...(main !== undefined && { at: main.commit.id }),
      ...(isNew
        ? { changes: [metadata], message: `Added ${METADATA_FILE}` }
        : { allowEmpty: true, message: `Adopted project ${project}` }),
      ...commit,
    },
    ...adopted.map(([branch, { commit }]) => ({ branch, at: commit.id })),
    ...missing.map((branch) => ({ branch, from: PROJECT_BRANCH })),
    ...shipyardCommit(shipyard, commit),
  ];
}

function shipyardCommit(shipyard: Shipyard | undefined, commit: ReturnType<typeof requestCommit>): InitialCommit[] {
  if (shipyard === undefined) {
    return [];
  }
  const changes: Change[] = [{ path: SHIPYARD_FILE, content: Buffer.from(shipyard.source) }];
  return [{ branch: PROJECT_BRANCH, changes, message: `Added ${SHIPYARD_FILE}`, ...commit }];
}

async function shipyardIn(main: Snapshot | undefined): Promise<Shipyard | undefined> {
  if (main === undefined || !(await main.hasFile(SHIPYARD_FILE))) {
    return undefined;
  }
  const { content } = await main.readFile(SHIPYARD_FILE);
  try {
    return decodeShipyard(encodeBase64Content(content));
  } catch (error) {
    if (!(error instanceof InvalidShipyard)) {
      throw error;
    }
    throw new ShipyardRefused(`${SHIPYARD_FILE} of the upstream repository: ${error.message}`);
  }
}
