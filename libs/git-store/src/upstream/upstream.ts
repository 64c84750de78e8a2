import { runGit } from '../git-process';
import { type ObjectId } from '../object-id';
import { PACK_WEIGHT } from '../object-database';
import { type Repository } from '../repository';
import { Integration } from './integration';
import { forgetTracking, readTracking } from './tracking-references';
import {
  TRIAL_TIMEOUT,
  type PushOutcome,
  fetchBranches,
  fetchCommits,
  headOfClones,
  listUpstream,
  push,
  pushTogether,
  tryPush,
} from './upstream-commands';
import { type UpstreamRemote } from './upstream-remote';
import { InvalidUpstream, UpstreamConflict, UpstreamRefused } from './upstream.errors';

/** Commits that only one side has, over all branches. */
export interface UpstreamDistance {
  readonly ahead: number;
  readonly behind: number;
}

export interface IntegrationOutcome {
  /** Branches that got commits of the upstream. */
  readonly moved: readonly string[];
  readonly conflicts: readonly UpstreamConflict[];
}

/**
 * The upstream of one repository. Methods must not run side by side; readers and writers of the repository go on
 * meanwhile. Branches move by the repository's own queues only.
 */
export class Upstream {
  private constructor(
    private readonly repository: Repository,
    private readonly remote: UpstreamRemote,
    /** Where the upstream's branches were when it was last reached. */
    private tracking: ReadonlyMap<string, ObjectId>,
    private readonly signal?: AbortSignal,
  ) {}

  /** @param signal ends what is under way */
  static async open(repository: Repository, remote: UpstreamRemote, signal?: AbortSignal): Promise<Upstream> {
    return new Upstream(repository, remote, await readTracking(repository.folder), signal);
  }

  /**
   * Makes sure that a repository can be pushed to an upstream, which is empty or has a common past with it.
   * @throws UpstreamUnreachable, UpstreamRefused, InvalidUpstream
   */
  static async check(repository: Repository, remote: UpstreamRemote): Promise<void> {
    const place = { repositoryFolder: repository.folder, remote, signal: AbortSignal.timeout(TRIAL_TIMEOUT) };
    const { branches } = await listUpstream(place);
    const shared = repository.branches().filter((branch) => branches.has(branch));
    await fetchCommits(place, shared);
    const integration = new Integration(repository.folder, repository.objects, repository.committer);
    for (const branch of shared) {
      const theirs = branches.get(branch);
      if (theirs === undefined || (await integration.commonPast(repository.head(branch), theirs)) !== undefined)
        continue;
      throw new InvalidUpstream(
        `The upstream repository has another history in branch ${branch}: use an empty repository, or create the ` +
          'project from this one',
      );
    }
    assertTaken(await tryPush(place, headsOf(repository)));
  }

  /**
   * Pushes a new repository, all branches or none; its default branch comes first, which Git hosts then show and clone.
   * Where clones of an upstream that was empty would check out a branch that does not exist, it starts as the default
   * branch. When somebody else has just pushed, nothing happens: that is for {@link integrate}.
   * @throws UpstreamUnreachable, UpstreamRefused
   */
  static async publish(repository: Repository, remote: UpstreamRemote): Promise<void> {
    const place = { repositoryFolder: repository.folder, remote, signal: AbortSignal.timeout(TRIAL_TIMEOUT) };
    const wasEmpty = (await readTracking(repository.folder)).size === 0;
    const { defaultBranch } = repository;
    const first = repository.head(defaultBranch);
    assertTaken(await pushTogether(place, new Map([[defaultBranch, first], ...headsOf(repository)])));
    if (!wasEmpty) return;
    const head = (await listUpstream(place)).defaultBranch ?? (await headOfClones(place));
    if (head !== undefined && !repository.hasBranch(head)) await push(place, new Map([[head, first]]));
  }

  /** Forgets what is known of an upstream, so that another one can take its place. */
  static async forget(repository: Repository): Promise<void> {
    await forgetTracking(repository.folder);
  }

  /** Whether the upstream held everything when it was last reached; asks neither the disk nor the network. */
  isInSync(): boolean {
    return this.repository.branches().every((branch) => this.tracking.get(branch) === this.repository.head(branch));
  }

  /** Looks at the upstream. @throws UpstreamUnreachable, UpstreamRefused */
  async fetch(): Promise<void> {
    const before = this.tracking;
    await fetchBranches(this.place);
    this.tracking = await readTracking(this.repository.folder);
    const isSame = [...this.tracking].every(([branch, commit]) => before.get(branch) === commit);
    if (!isSame) this.repository.noteGrowth(PACK_WEIGHT);
  }

  /**
   * Brings the fetched commits into the branches: as they are, or with our own unpushed commits on top. A branch that
   * conflicts stays as it is. No network.
   */
  async integrate(): Promise<IntegrationOutcome> {
    const integration = new Integration(this.repository.folder, this.repository.objects, this.repository.committer);
    const moved: string[] = [];
    const conflicts: UpstreamConflict[] = [];
    for (const branch of this.repository.branches()) {
      const theirs = this.tracking.get(branch);
      if (theirs === undefined || theirs === this.repository.head(branch)) continue;
      try {
        if (await this.integrateBranch(integration, branch, theirs)) moved.push(branch);
      } catch (error) {
        if (!(error instanceof UpstreamConflict)) throw error;
        conflicts.push(error);
      }
    }
    return { moved, conflicts };
  }

  /**
   * Pushes the branches that have something new, without force.
   * @param except branches that wait for something else
   * @returns false when the upstream has commits that have to be fetched and integrated first
   * @throws UpstreamUnreachable, UpstreamRefused
   */
  async push(except: ReadonlySet<string>): Promise<boolean> {
    const heads = new Map([...headsOf(this.repository)].filter(([branch, head]) => this.tracking.get(branch) !== head));
    for (const branch of except) heads.delete(branch);
    if (heads.size === 0) return true;
    try {
      const outcome = await push(this.place, heads);
      if (outcome.outpaced.length > 0) return false;
      assertTaken(outcome);
      return true;
    } finally {
      this.tracking = await readTracking(this.repository.folder);
    }
  }

  async distance(): Promise<UpstreamDistance> {
    let [ahead, behind] = [0, 0];
    for (const [branch, head] of headsOf(this.repository)) {
      const theirs = this.tracking.get(branch);
      if (theirs === head) continue;
      if (theirs === undefined) {
        ahead += (await this.count([head, '--not', '--remotes']))[0] ?? 0;
        continue;
      }
      const [left = 0, right = 0] = await this.count(['--left-right', `${head}...${theirs}`]);
      ahead += left;
      behind += right;
    }
    return { ahead, behind };
  }

  private async count(range: readonly string[]): Promise<number[]> {
    const printed = await runGit(this.repository.folder, ['rev-list', '--count', ...range]);
    return printed.toString('latin1').trim().split('\t').map(Number);
  }

  /** When the branch moves while the commits are joined, they are joined once more with the branch held. */
  private async integrateBranch(integration: Integration, branch: string, theirs: ObjectId): Promise<boolean> {
    const ours = this.repository.head(branch);
    const joined = await integration.join({ branch, ours, theirs });
    if (!joined.changed) return false;
    const { changed } = await this.repository.moveBranch(branch, async (head) =>
      head === ours ? joined : await integration.join({ branch, ours: head, theirs }),
    );
    return changed;
  }

  private get place() {
    return { repositoryFolder: this.repository.folder, remote: this.remote, signal: this.signal };
  }
}

function headsOf(repository: Repository): ReadonlyMap<string, ObjectId> {
  return new Map(repository.branches().map((branch) => [branch, repository.head(branch)]));
}

/** @throws UpstreamRefused */
function assertTaken({ refused, remarks }: PushOutcome): void {
  if (refused.length === 0) return;
  // Of branches that are pushed together, some are refused only because others are.
  const causes = refused.filter(({ reason }) => !reason.includes('atomic push fail'));
  const reasons = (causes.length > 0 ? causes : refused).map(({ branch, reason }) => `${branch}: ${reason}`).join('; ');
  const said = remarks === '' ? '' : `; it says: ${remarks}`;
  throw new UpstreamRefused(`The upstream repository does not take the commits of ${reasons}${said}`);
}
