import { closeSync, openSync } from 'node:fs';
import { readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Turnstile } from './bounded-concurrency';
import { errorCode, ignoreMissing, replaceSynced } from './durable-files';
import { ReferenceLocked, RepositoryDamaged } from './git-store.errors';
import { type ObjectId, isObjectId } from './object-id';
import { untilLocked } from './reference-lock';

const FILE = 'packed-refs';
/** Removed with what else a killed process leaves. */
const NEXT_FILE = `tmp_${FILE}`;
const HEADER = '# pack-refs with:';
/** A reference, or what a tag before it points to. */
const LINE = /^(?:[0-9a-f]{40} refs\/\S+|\^[0-9a-f]{40})$/;
const REFERENCE = /^([0-9a-f]{40}) (\S+)$/;

/** The file that a git command, run by a person, moves references into. */
export class PackedReferences {
  private readonly file: string;
  private readonly turnstile = new Turnstile(1);

  constructor(private readonly repositoryFolder: string) {
    this.file = join(repositoryFolder, FILE);
  }

  /** Runs a task while no git command packs references. @throws ReferenceLocked */
  async hold(task: () => Promise<void>): Promise<void> {
    const lock = `${this.file}.lock`;
    await this.turnstile.run(async () => {
      await untilLocked(
        () => create(lock),
        () => new ReferenceLocked(lock),
      );
      try {
        await task();
      } finally {
        await unlink(lock).catch(() => undefined);
      }
    });
  }

  /** Removes a reference durably. The caller {@link hold}s the file. */
  async remove(reference: string): Promise<void> {
    const lines = ((await readFile(this.file, 'utf8').catch(ignoreMissing)) ?? '').split('\n');
    const start = lines.findIndex((line) => REFERENCE.exec(line)?.[2] === reference);
    if (start < 0) return;
    // A line with ^ belongs to the one before it.
    lines.splice(start, lines[start + 1]?.startsWith('^') === true ? 2 : 1);
    await replaceSynced(this.file, join(this.repositoryFolder, NEXT_FILE), lines.join('\n'));
  }
}

/**
 * What packed-refs holds, by the full name of the reference.
 * @throws RepositoryDamaged since nobody knows which branches a damaged file held
 */
export async function readPacked(repositoryFolder: string): Promise<Map<string, ObjectId>> {
  const location = join(repositoryFolder, FILE);
  const references = new Map<string, ObjectId>();
  const text = await readFile(location, 'utf8').catch(ignoreMissing);
  if (text === undefined) return references;
  const damaged = () => new RepositoryDamaged({ subject: FILE, location });
  const [header = '', ...lines] = text.split('\n');
  if (!header.startsWith(HEADER) || lines.pop() !== '' || !lines.every((line) => LINE.test(line))) throw damaged();
  for (const line of lines) {
    const [, commit = '', reference = ''] = REFERENCE.exec(line) ?? [];
    if (!isObjectId(commit)) continue;
    if (references.has(reference)) throw damaged();
    references.set(reference, commit);
  }
  return references;
}

function create(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx'));
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
