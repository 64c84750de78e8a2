import { join } from 'node:path';
import { BranchQueues } from './branch-queues';
import { type BranchReferences } from './branch-references';
import { CommitGroups, type GroupedCommit, type Outcome } from './commit-groups';
import { type Identity } from './commit-object';
import { type CommitRequest, type CommitResult, type PreparedCommit, prepareCommit } from './commit-writer';
import { syncFolder } from './durable-files';
import { type NamedObject } from './git-object';
import { Journal } from './journal';
import { type BranchStep } from './journal-record';
import { recoverFromJournal, rewriteLoose } from './journal-recovery';
import { type ObjectDatabase, PACK_FROM } from './object-database';
import { type ObjectId } from './object-id';
import { asStorageFailure } from './storage-failure';

/**
 * Bytes of one commit; larger ones go to the disk by themselves instead of twice, by way of the journal, which a start
 * reads as a whole.
 */
const JOURNALED_BYTES = 64 * 1024;

export interface BranchCommit extends CommitRequest {
  readonly branch: string;
}

export interface BranchWriterParts {
  readonly folder: string;
  readonly references: BranchReferences;
  readonly database: ObjectDatabase;
  /** The committer of every commit. */
  readonly identity: Identity;
  /** Told how many loose objects were added. */
  readonly grown: (addedObjects: number) => void;
}

/**
 * Moves the branches of one repository. Writers to one branch take turns in the order in which they came; writers to
 * different branches don't wait for each other, and all share their way to the disk.
 */
export class BranchWriter {
  private readonly queues = new BranchQueues();
  private readonly journal: Journal;
  private readonly groups: CommitGroups;
  /** The journal holds commits that were decided, and that not all files hold or not all branches show. */
  private isUnfinished = false;
  private gone: Error | undefined;

  constructor(private readonly parts: BranchWriterParts) {
    const { folder, references, database, grown } = parts;
    this.journal = new Journal(folder);
    this.groups = new CommitGroups(references, database, this.journal, {
      grown,
      unfinished: () => (this.isUnfinished = true),
    });
  }

  /**
   * Finishes what a killed process has left. Where the disk takes no writes, that is done before the first one, and what
   * can be read is read until then.
   * @throws RepositoryDamaged
   */
  async open(): Promise<void> {
    try {
      await this.replay();
    } catch (error) {
      if (asStorageFailure(error) === error) throw error;
      this.isUnfinished = true;
    }
  }

  /**
   * Makes one commit on each of several branches, all of them or none.
   * @returns results in the order of the requests, durable
   * @throws what {@link prepareCommit} throws; BranchNotFound
   */
  async commit(requests: readonly BranchCommit[]): Promise<CommitResult[]> {
    if (this.needsRecovery) await this.recover();
    const { results, durable } = await this.queues.run(
      requests.map(({ branch }) => branch),
      () => this.queueCommits(requests),
    );
    await durable;
    return results;
  }

  /** Runs a task when nothing is on its way to its branches any more; later writers to them wait for it. */
  async alone<Result>(branches: readonly string[], task: () => Promise<Result>): Promise<Result> {
    if (this.needsRecovery) await this.recover();
    return await this.queues.run(branches, async () => {
      for (const branch of branches) await this.groups.lastOf(branch).durable.catch(() => undefined);
      this.assertHere();
      return await task();
    });
  }

  /** Moves a branch that the caller has {@link alone}. @param objects what this needs and the repository does not hold yet */
  async move(step: BranchStep, objects: readonly NamedObject[]): Promise<void> {
    const { durable } = await this.queue({ moves: [step], objects });
    await durable;
  }

  /** Runs a task when all writers that came before are done; later ones wait for it. */
  async exclusively<Result>(task: () => Promise<Result>): Promise<Result> {
    return await this.queues.runAlone(async () => {
      await this.groups.idle();
      return await task();
    });
  }

  /** Makes writers that still wait fail with `reason`. */
  markGone(reason: Error): void {
    this.gone = reason;
  }

  /** Makes everything that was committed durable in Git's own files, after which the journal knows nothing of it. */
  async emptyJournal(): Promise<void> {
    await this.dropJournalAfter(async (end) => {
      for await (const records of this.journal.read(end)) await rewriteLoose(records, this.parts.database);
    });
  }

  /** Has everything that was committed packed by `pack`; what it packs needs no journal any more. */
  async packBy(pack: () => Promise<void>): Promise<void> {
    await this.dropJournalAfter(async () => {
      await pack();
      await this.noticingLoss(syncFolder(join(this.parts.folder, 'objects', 'pack')));
    });
  }

  /** Drops what the journal holds now, once `work` has made its objects durable elsewhere. */
  private async dropJournalAfter(work: (end: number) => Promise<void>): Promise<void> {
    const { database } = this.parts;
    const { end, packs } = await this.groups.betweenGroups(() => ({
      end: this.journal.rotate(),
      packs: database.unsyncedPacks(),
    }));
    await work(end);
    // Packing leaves those as they are that are large already.
    await this.noticingLoss(database.syncPacks(packs));
    await this.parts.references.sync();
    // What was decided and is not finished is in the journal only; and another repository may have taken this one's folder.
    if (!this.needsRecovery && this.gone === undefined) await this.journal.drop(end);
  }

  /** The system tells of a lost write once: waiting again says nothing, and all is made again from the journal. */
  private async noticingLoss(sync: Promise<void>): Promise<void> {
    try {
      await sync;
    } catch (error) {
      this.isUnfinished = true;
      throw error;
    }
  }

  private assertHere(): void {
    if (this.gone !== undefined) throw this.gone;
  }

  private get needsRecovery(): boolean {
    return this.isUnfinished || this.parts.references.mayHaveLost;
  }

  /** After a file system error: what was decided is finished, durably, before anything else is written. */
  private async recover(): Promise<void> {
    await this.exclusively(async () => {
      this.assertHere();
      if (!this.needsRecovery) return;
      this.isUnfinished = true;
      await this.parts.references.reload();
      await this.replay();
      this.isUnfinished = false;
    });
  }

  private async replay(): Promise<void> {
    await recoverFromJournal(this.journal, this.parts.references, this.parts.database);
  }

  /** Prepares commits and queues them for the disk. A refusal counts from when what it is based on is durable. */
  private async queueCommits(requests: readonly BranchCommit[]): Promise<Outcome & { results: CommitResult[] }> {
    this.assertHere();
    const bases = Promise.all(requests.map(({ branch }) => this.groups.lastOf(branch).durable));
    bases.catch(() => undefined);
    const prepared: (PreparedCommit & BranchStep)[] = [];
    try {
      for (const { branch, ...request } of requests) prepared.push(await this.prepare(branch, request));
    } catch (error) {
      await bases;
      throw error;
    }
    const results = prepared.map(({ commit, changed }) => ({ commit, changed }));
    const changing = prepared.filter(({ changed }) => changed);
    const { durable } = await this.queue({
      moves: changing.map(({ branch, from, commit }) => ({ branch, from, commit })),
      objects: changing.flatMap(({ objects }) => objects),
    });
    return { results, durable: Promise.all([bases, durable]).then(() => undefined) };
  }

  private async prepare(branch: string, request: CommitRequest): Promise<PreparedCommit & BranchStep> {
    const { database, identity } = this.parts;
    const from: ObjectId = this.groups.head(branch);
    const commit = await prepareCommit(database, await database.readCommit(from), request, identity);
    return { ...commit, branch, from };
  }

  /** The next writer of a branch starts where this leaves it. Many or large objects are made durable now. */
  private async queue(commit: GroupedCommit): Promise<Outcome> {
    const { moves, objects } = commit;
    if (moves.length === 0) return { durable: Promise.resolve() };
    if (!isLarge(objects)) return this.groups.add(commit);
    const { work, release } = await this.parts.database.writeAhead(objects);
    this.parts.grown(work);
    try {
      const outcome = this.groups.add({ moves, objects: [] });
      void outcome.durable.then(release, release);
      return outcome;
    } catch (error) {
      await release();
      throw error;
    }
  }
}

function isLarge(objects: readonly NamedObject[]): boolean {
  return objects.length >= PACK_FROM || objects.reduce((sum, { body }) => sum + body.length, 0) > JOURNALED_BYTES;
}
