import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { Turnstile, forEachConcurrently } from './bounded-concurrency';
import { type BranchReferences } from './branch-references';
import { type NamedObject, type StoredObject, type StoredObjects } from './git-object';
import { type Journal } from './journal';
import { type BranchStep } from './journal-record';
import { looseBytes } from './loose-objects';
import { type ObjectDatabase } from './object-database';
import { type ObjectId } from './object-id';
import { packEntry } from './pack-file';
import { LOCK_PATIENCE, LOCK_PAUSE } from './reference-lock';

/** A record of the journal should not take long to write; bytes and objects of one group. */
const GROUP_BYTES = 1024 * 1024;
const GROUP_OBJECTS = 2_000;
const PARALLEL_COMPRESSIONS = 4;
/** Objects of one group that are two files, a pack and its index, instead of a file each. */
const PACKED_FROM = 16;
/** How long a group waits for those that are expected, as a share of what the one before took to write, and at most, in milliseconds. */
const GATHERING = 0.5;
const LONGEST_GATHERING = 10;

/** Branches that move together, with the objects that they need. */
export interface GroupedCommit {
  readonly moves: readonly BranchStep[];
  readonly objects: readonly NamedObject[];
}

/** What became of a commit. Wrapped, so that an async function can return it without waiting for it. */
export interface Outcome {
  readonly durable: Promise<void>;
}

class WaitingCommit implements GroupedCommit {
  readonly moves: readonly BranchStep[];
  readonly objects: readonly NamedObject[];
  readonly outcome: Outcome;
  resolve!: () => void;
  reject!: (reason: unknown) => void;
  /** When a lock was in its way first, by `performance.now()`. */
  lockedSince = Infinity;

  constructor({ moves, objects }: GroupedCommit) {
    this.moves = moves;
    this.objects = objects;
    const durable = new Promise<void>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Those who wait for it get the reason.
    durable.catch(() => undefined);
    this.outcome = { durable };
  }

  get branches(): string[] {
    return this.moves.map(({ branch }) => branch);
  }

  get bytes(): number {
    return this.objects.reduce((sum, { body }) => sum + body.length, 0);
  }
}

/** What happens to a repository by its commits. */
export interface GroupEvents {
  readonly grown: (addedObjects: number) => void;
  /** A group was decided, and its branches could not all be moved. */
  readonly unfinished: () => void;
}

/**
 * Commits that wait at the same time share their way to the disk: one record of the journal, one wait. The next commit
 * of a branch builds on those that are still on their way; when they fail, it fails as well.
 */
export class CommitGroups {
  private waiting: WaitingCommit[] = [];
  /** The group that is being written. */
  private taken: WaitingCommit[] = [];
  private running: Promise<void> | undefined;
  /** The last commit of each branch that is on its way. */
  private readonly last = new Map<string, WaitingCommit>();
  private readonly turnstile = new Turnstile(1);
  /** Why the last commit of a branch failed, until the next one is queued. */
  private readonly failures = new Map<string, unknown>();
  /** How many commits were on their way when the last group was written, itself among them, and how long that took, in ms. */
  private lately = { commits: 0, writing: 0 };
  /** Ends the wait for more commits. */
  private gathered: (() => void) | undefined;

  constructor(
    private readonly references: BranchReferences,
    private readonly database: ObjectDatabase,
    private readonly journal: Journal,
    private readonly events: GroupEvents,
  ) {}

  /** Where the next commit of a branch starts. @throws BranchNotFound, RepositoryDamaged */
  head(branch: string): ObjectId {
    const move = this.last.get(branch)?.moves.find((each) => each.branch === branch);
    return move?.commit ?? this.references.get(branch);
  }

  /**
   * Queues a commit; everything in it can be read by the next one at once.
   * @param commit starts where {@link head} was when it was made
   * @throws the failure of the commit that it builds on
   */
  add(commit: GroupedCommit): Outcome {
    const stale = commit.moves.find(({ branch, from }) => this.head(branch) !== from);
    if (stale !== undefined) throw this.failures.get(stale.branch);
    const waiting = new WaitingCommit(commit);
    this.database.hold(commit.objects);
    for (const object of commit.objects) this.database.remember(object);
    for (const { branch } of commit.moves) {
      this.last.set(branch, waiting);
      this.failures.delete(branch);
    }
    this.waiting.push(waiting);
    if (this.areAllHere) this.gathered?.();
    this.running ??= this.run();
    return waiting.outcome;
  }

  /** The outcome of the last commit of a branch that is on its way; resolved when there is none. */
  lastOf(branch: string): Outcome {
    return this.last.get(branch)?.outcome ?? { durable: Promise.resolve() };
  }

  /** Waits until nothing is on its way any more, whatever becomes of it. */
  async idle(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  /** Runs a task while no group is being written. */
  async betweenGroups<Result>(task: () => Result): Promise<Result> {
    return await this.turnstile.run(() => Promise.resolve(task()));
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      await this.gather();
      const isWritten = await this.turnstile.run(() => this.writeNext());
      if (!isWritten && this.waiting.length > 0) await delay(LOCK_PAUSE);
    }
    this.running = undefined;
  }

  private get areAllHere(): boolean {
    return this.waiting.length >= this.lately.commits;
  }

  /**
   * Clients that write one after the other send their next requests when the last ones are answered. Without a wait for them, those that
   * were not in a group become one of their own, which costs as much as a large one.
   */
  private async gather(): Promise<void> {
    await nextTurn();
    if (this.areAllHere) return;
    const isGathered = new Promise<void>((resolve) => (this.gathered = resolve));
    const patience = Math.min(this.lately.writing * GATHERING, LONGEST_GATHERING);
    const timer = setTimeout(() => this.gathered?.(), patience);
    await isGathered;
    clearTimeout(timer);
    this.gathered = undefined;
  }

  /** @returns false when all that wait are held up by locks */
  private async writeNext(): Promise<boolean> {
    const locked = new Set<string>();
    try {
      const group = this.take(locked);
      if (group.length === 0) {
        this.giveUpLocked();
        return false;
      }
      const begin = performance.now();
      this.events.grown(await this.write(together(group), group));
      this.lately = { commits: group.length + this.waiting.length, writing: performance.now() - begin };
      this.forget(group);
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const branch of locked) this.references.unlock(branch);
      // What waits builds on what failed, or meets the same disk.
      this.fail([...this.taken, ...this.waiting], error);
    }
    this.taken = [];
    return true;
  }

  /** Takes those whose branches can be locked, in their order. @param locked gets the branches that were locked */
  private take(locked: Set<string>): readonly WaitingCommit[] {
    const left: WaitingCommit[] = [];
    const heldUp = new Set<string>();
    let [bytes, objects] = [0, 0];
    for (const commit of this.waiting) {
      const isRoom = bytes < GROUP_BYTES && objects < GROUP_OBJECTS;
      if (isRoom && commit.branches.every((branch) => !heldUp.has(branch)) && this.lockAll(commit, locked)) {
        this.taken.push(commit);
        objects += commit.objects.length;
        bytes += commit.bytes;
      } else {
        left.push(commit);
        for (const branch of commit.branches) heldUp.add(branch);
      }
    }
    this.waiting = left;
    return this.taken;
  }

  private lockAll(commit: WaitingCommit, locked: Set<string>): boolean {
    const missing = commit.branches.filter((branch) => !locked.has(branch));
    for (const [index, branch] of missing.entries()) {
      if (this.references.lock(branch)) {
        locked.add(branch);
        continue;
      }
      for (const taken of missing.slice(0, index)) {
        locked.delete(taken);
        this.references.unlock(taken);
      }
      commit.lockedSince = Math.min(commit.lockedSince, performance.now());
      return false;
    }
    return true;
  }

  /** A lock that stays fails those that wait for it, and those that build on them. */
  private giveUpLocked(): void {
    const latest = performance.now() - LOCK_PATIENCE;
    for (const { lockedSince, branches } of this.waiting) {
      const [branch] = branches;
      if (lockedSince > latest || branch === undefined) continue;
      const failed = new Set(branches);
      const dependents = this.waiting.filter((commit) => {
        if (!commit.branches.some((each) => failed.has(each))) return false;
        for (const each of commit.branches) failed.add(each);
        return true;
      });
      this.fail(dependents, this.references.lockedBy(branches));
      return;
    }
  }

  /**
   * The record of the journal is the commit point. What fails before it leaves nothing behind; when the objects cannot be placed, the
   * record is taken back. From then on the group counts: a failure to move its branches, or a crash, is mended from the journal before
   * the next write.
   */
  private async write(moves: readonly BranchStep[], group: readonly WaitingCommit[]): Promise<number> {
    for (const move of moves) this.references.stage(move);
    const stored = await storedForm(group);
    await this.journal.append({ moves, ...stored });
    let added: number;
    try {
      added = this.database.place(stored);
    } catch (error) {
      await this.journal.undo();
      throw error;
    }
    try {
      this.references.publish(moves);
    } catch (error) {
      this.events.unfinished();
      throw error;
    }
    return added;
  }

  private fail(commits: readonly WaitingCommit[], reason: unknown): void {
    const failed = new Set(commits);
    this.waiting = this.waiting.filter((each) => !failed.has(each));
    this.forget(commits);
    for (const { branches, reject } of commits) {
      for (const branch of branches) this.failures.set(branch, reason);
      reject(reason);
    }
  }

  private forget(commits: readonly WaitingCommit[]): void {
    for (const commit of commits) {
      this.database.release(commit.objects);
      for (const { branch } of commit.moves) if (this.last.get(branch) === commit) this.last.delete(branch);
    }
  }
}

/** One step for each branch, over all commits of a group. */
function together(group: readonly GroupedCommit[]): BranchStep[] {
  const steps = new Map<string, BranchStep>();
  for (const move of group.flatMap(({ moves }) => moves)) {
    steps.set(move.branch, { ...move, from: steps.get(move.branch)?.from ?? move.from });
  }
  return [...steps.values()];
}

async function storedForm(group: readonly GroupedCommit[]): Promise<StoredObjects> {
  const named = new Map(group.flatMap((commit) => commit.objects).map((object) => [object.id, object]));
  const form = named.size < PACKED_FROM ? 'loose' : 'pack';
  const bytesOf = form === 'loose' ? looseBytes : packEntry;
  const objects: StoredObject[] = [];
  await forEachConcurrently(named.values(), PARALLEL_COMPRESSIONS, async (object) => {
    objects.push({ id: object.id, bytes: await bytesOf(object) });
  });
  return { form, objects };
}
