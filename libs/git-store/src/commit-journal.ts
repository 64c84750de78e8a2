import { readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type BranchReferences, type BranchUpdate } from './branch-references';
import { createSynced, errorCode, renameSynced, syncFolder } from './durable-files';
import { RepositoryDamaged } from './git-store.errors';
import { type ObjectId, isObjectId } from './object-id';

const JOURNAL_FILE = 'keptn-pending-commit.json';

/** A move of one branch as part of a commit on several. */
export interface BranchMove extends BranchUpdate {
  readonly from: ObjectId;
}

/**
 * Moves several branches together: all or none, also when the process is killed in between. From the moment that the
 * journal is on disk the moves are decided; {@link finishPendingMoves} completes them after a crash.
 */
export async function moveBranches(
  repositoryFolder: string,
  references: BranchReferences,
  moves: readonly BranchMove[],
): Promise<void> {
  await references.update(moves, async () => {
    try {
      await writeJournal(repositoryFolder, moves);
    } catch (error) {
      // Not decided then: a later start must not find half of a decision.
      await removeJournal(repositoryFolder);
      throw error;
    }
  });
  await removeJournal(repositoryFolder);
}

/**
 * Completes moves that were decided but not finished. A branch that is not where its move starts was moved already.
 * @returns whether there were any
 * @throws RepositoryDamaged when the journal is damaged
 */
export async function finishPendingMoves(repositoryFolder: string, references: BranchReferences): Promise<boolean> {
  const moves = await readJournal(repositoryFolder);
  if (moves === undefined) return false;
  await references.reload();
  await references.update(moves.filter(({ branch, from }) => references.find(branch) === from));
  await removeJournal(repositoryFolder);
  return true;
}

async function writeJournal(repositoryFolder: string, moves: readonly BranchMove[]): Promise<void> {
  const file = join(repositoryFolder, JOURNAL_FILE);
  const temporary = `${file}.lock`;
  await unlink(temporary).catch(ignoreMissing);
  await createSynced(temporary, JSON.stringify(moves));
  await renameSynced(temporary, file, repositoryFolder);
}

async function readJournal(repositoryFolder: string): Promise<BranchMove[] | undefined> {
  const file = join(repositoryFolder, JOURNAL_FILE);
  const text = await readFile(file, 'utf8').catch(ignoreMissing);
  if (text === undefined) return undefined;
  const moves = parseMoves(text);
  if (moves === undefined) {
    const remedy = 'delete it after comparing the branches that it names, and restart the service';
    throw new RepositoryDamaged({ subject: JOURNAL_FILE, remedy, location: file });
  }
  return moves;
}

function parseMoves(text: string): BranchMove[] | undefined {
  try {
    const moves: unknown = JSON.parse(text);
    return Array.isArray(moves) && moves.every(isBranchMove) ? moves : undefined;
  } catch {
    return undefined;
  }
}

async function removeJournal(repositoryFolder: string): Promise<void> {
  await unlink(join(repositoryFolder, JOURNAL_FILE)).catch(ignoreMissing);
  await syncFolder(repositoryFolder);
}

function isBranchMove(value: unknown): value is BranchMove {
  if (typeof value !== 'object' || value === null) return false;
  const { branch, from, commit } = value as Partial<Record<keyof BranchMove, unknown>>;
  const isId = (id: unknown): boolean => typeof id === 'string' && isObjectId(id);
  return typeof branch === 'string' && isId(from) && isId(commit);
}

function ignoreMissing(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') throw error;
}
