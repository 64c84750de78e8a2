import { readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type BranchReferences } from './branch-references';
import { ignoreMissing, syncFolder } from './durable-files';
import { RepositoryDamaged } from './git-store.errors';
import { type BranchStep, isBranchStep } from './journal-record';

/** Versions before the journal decided a commit on several branches by this file. */
const FILE = 'keptn-pending-commit.json';

/**
 * Completes moves that a killed process of an earlier version had decided. A branch that is not where its move starts
 * was moved already.
 * @throws RepositoryDamaged when the file is damaged
 */
export async function finishPendingMoves(repositoryFolder: string, references: BranchReferences): Promise<void> {
  const moves = await readMoves(join(repositoryFolder, FILE));
  if (moves === undefined) return;
  await references.update(moves.filter(({ branch, from }) => references.find(branch) === from));
  await unlink(join(repositoryFolder, FILE));
  await syncFolder(repositoryFolder);
}

async function readMoves(location: string): Promise<BranchStep[] | undefined> {
  const text = await readFile(location, 'utf8').catch(ignoreMissing);
  if (text === undefined) return undefined;
  const moves = parseMoves(text);
  if (moves === undefined) {
    const remedy = 'delete it after comparing the branches that it names, and restart the service';
    throw new RepositoryDamaged({ subject: FILE, remedy, location });
  }
  return moves;
}

function parseMoves(text: string): BranchStep[] | undefined {
  try {
    const moves: unknown = JSON.parse(text);
    return Array.isArray(moves) && moves.every(isBranchStep) ? moves : undefined;
  } catch {
    return undefined;
  }
}
