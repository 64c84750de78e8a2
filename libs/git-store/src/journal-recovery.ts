import { type BranchReferences, type BranchUpdate } from './branch-references';
import { type NamedObject, nameObject } from './git-object';
import { type Journal } from './journal';
import { type BranchStep, type JournalRecord } from './journal-record';
import { objectIn } from './loose-objects';
import { type ObjectDatabase } from './object-database';
import { type ObjectId } from './object-id';

/** Of objects that are in memory at the same time; they take several times as much in the journal's form and in Git's. */
const BATCH_BYTES = 8 * 1024 * 1024;

/**
 * Brings what the journal of a killed process holds into Git's files, durably, and empties it. The process that wrote
 * it had done so, but the machine may have lost it.
 * @throws RepositoryDamaged
 */
export async function recoverFromJournal(
  journal: Journal,
  references: BranchReferences,
  database: ObjectDatabase,
): Promise<void> {
  const moves: BranchStep[] = [];
  for await (const records of journal.read()) {
    await database.restorePacks(records.flatMap(({ form, objects }) => (form === 'pack' ? [objects] : [])));
    await rewriteLoose(records, database);
    for (const record of records) moves.push(...record.moves);
  }
  await references.update(lastMoves(moves, references));
  await journal.clear();
}

/** Makes the loose objects of records durable in Git's files. */
export async function rewriteLoose(records: readonly JournalRecord[], database: ObjectDatabase): Promise<void> {
  const written = new Set<ObjectId>();
  let batch: NamedObject[] = [];
  let bytes = 0;
  for (const { id, bytes: compressed } of records.flatMap(({ form, objects }) => (form === 'loose' ? objects : []))) {
    if (written.has(id)) continue;
    written.add(id);
    const { type, body } = await objectIn(compressed);
    batch.push(nameObject(type, body));
    bytes += body.length;
    if (bytes < BATCH_BYTES) continue;
    await database.rewrite(batch);
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) await database.rewrite(batch);
}

/**
 * Where branches were to go. One that is nowhere on the way was moved by a person meanwhile, or was removed, and stays;
 * one that cannot be read was on its way when the machine stopped.
 */
function lastMoves(moves: readonly BranchStep[], references: BranchReferences): BranchUpdate[] {
  const ways = new Map<string, { readonly stops: Set<ObjectId | undefined>; commit: ObjectId }>();
  for (const { branch, from, commit } of moves) {
    const way = ways.get(branch) ?? { stops: new Set([undefined]), commit };
    ways.set(branch, { stops: way.stops.add(from).add(commit), commit });
  }
  return [...ways]
    .filter(([branch, { stops }]) => references.has(branch) && stops.has(references.readable(branch)))
    .map(([branch, { commit }]) => ({ branch, commit }));
}
