import { type BranchReferences, type BranchUpdate } from './branch-references';
import { type NamedObject, nameObject } from './git-object';
import { type Journal } from './journal';
import { type JournalRecord } from './journal-record';
import { objectIn } from './loose-objects';
import { type ObjectDatabase } from './object-database';
import { type ObjectId } from './object-id';

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
  const records = await journal.read();
  await database.restorePacks(records.flatMap(({ form, objects }) => (form === 'pack' ? [objects] : [])));
  await rewriteLoose(records, database);
  await references.update(lastMoves(records, references));
  await journal.clear();
}

/** Makes the loose objects of records durable in Git's files. */
export async function rewriteLoose(records: readonly JournalRecord[], database: ObjectDatabase): Promise<void> {
  const loose = await looseObjectsOf(records);
  if (loose.length > 0) await database.rewrite(loose);
}

async function looseObjectsOf(records: readonly JournalRecord[]): Promise<NamedObject[]> {
  const objects = new Map<ObjectId, NamedObject>();
  for (const { id, bytes } of records.flatMap(({ form, objects: each }) => (form === 'loose' ? each : []))) {
    if (objects.has(id)) continue;
    const { type, body } = await objectIn(bytes);
    objects.set(id, nameObject(type, body));
  }
  return [...objects.values()];
}

/**
 * Where branches were to go. One that is nowhere on the way was moved by a person meanwhile, or was removed, and stays;
 * one that cannot be read was on its way when the machine stopped.
 */
function lastMoves(records: readonly JournalRecord[], references: BranchReferences): BranchUpdate[] {
  const ways = new Map<string, { readonly stops: Set<ObjectId | undefined>; commit: ObjectId }>();
  for (const { branch, from, commit } of records.flatMap(({ moves }) => moves)) {
    const way = ways.get(branch) ?? { stops: new Set([undefined]), commit };
    ways.set(branch, { stops: way.stops.add(from).add(commit), commit });
  }
  return [...ways]
    .filter(([branch, { stops }]) => references.has(branch) && stops.has(references.readable(branch)))
    .map(([branch, { commit }]) => ({ branch, commit }));
}
