import { CatFileProcess } from './cat-file-process';
import { type GitObject, nameObject } from './git-object';
import { GitUnusable, RepositoryDamaged, StoreClosed } from './git-store.errors';
import { type ObjectId } from './object-id';

export interface PackedObjectsOptions {
  /** Upper bound of live git processes, each of about 10 MB. */
  readonly maxProcesses?: number;
  /** Milliseconds without a question after which a process ends. */
  readonly idleAfter?: number;
}

/** Times that one object is asked for when the process dies. */
const ATTEMPTS = 4;

interface Reader {
  readonly process: CatFileProcess;
  idleTimer: NodeJS.Timeout | undefined;
}

/**
 * Reads packed objects of all repositories through one long-lived `git cat-file --batch` each: started when needed,
 * bounded in number, ended when idle.
 */
export class PackedObjects {
  private readonly maxProcesses: number;
  private readonly idleAfter: number;
  /** By repository folder, least recently used first. */
  private readonly readers = new Map<string, Reader>();
  /** Processes that answer their last questions. */
  private readonly ending = new Set<Promise<void>>();
  private readonly waiting: (() => void)[] = [];
  private closed = false;

  constructor({ maxProcesses = 8, idleAfter = 60_000 }: PackedObjectsOptions = {}) {
    this.maxProcesses = maxProcesses;
    this.idleAfter = idleAfter;
  }

  /**
   * @returns undefined when git knows no such object in this repository
   * @throws RepositoryDamaged, StoreClosed, GitUnusable when git cannot be started or dies again and again
   */
  async read(repositoryFolder: string, id: ObjectId): Promise<GitObject | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return checked(repositoryFolder, id, await this.ask(repositoryFolder, id));
      } catch (error) {
        if (!(error instanceof GitUnusable)) throw error;
        // A damaged object ends the process, and with it the questions for other objects that wait in it.
        if (error.message.includes(id)) throw damaged(repositoryFolder, id, error);
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** Ends the process of one repository, so that the next read starts a new one: frees packs that were replaced. */
  async endReader(repositoryFolder: string): Promise<void> {
    const reader = this.readers.get(repositoryFolder);
    if (reader !== undefined) await this.end(repositoryFolder, reader);
  }

  /** Live git processes, including those that answer their last questions. */
  get processes(): number {
    return this.readers.size + this.ending.size;
  }

  /** Ends all processes after their last answer. */
  async close(): Promise<void> {
    this.closed = true;
    for (const [folder, reader] of this.readers) void this.end(folder, reader);
    await Promise.all(this.ending);
  }

  private async ask(repositoryFolder: string, id: ObjectId): Promise<GitObject | undefined> {
    for (;;) {
      if (this.closed) throw new StoreClosed();
      const reader = this.readerOf(repositoryFolder);
      if (reader !== undefined) return await reader.process.read(id);
      this.makeRoom();
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** @returns undefined when there is no room for another process */
  private readerOf(repositoryFolder: string): Reader | undefined {
    let reader = this.readers.get(repositoryFolder);
    if (reader === undefined) {
      if (this.processes >= this.maxProcesses) return undefined;
      reader = this.start(repositoryFolder);
    }
    clearTimeout(reader.idleTimer);
    this.readers.delete(repositoryFolder);
    this.readers.set(repositoryFolder, reader);
    return reader;
  }

  private start(repositoryFolder: string): Reader {
    const process = new CatFileProcess(repositoryFolder, () => {
      if (process.hasEnded) this.forget(repositoryFolder, reader);
      else this.endWhenIdle(repositoryFolder, reader);
    });
    const reader: Reader = { process, idleTimer: undefined };
    return reader;
  }

  /** Ends an idle process, or, when all are busy, the one that was asked least recently. */
  private makeRoom(): void {
    if (this.ending.size > 0) return;
    const candidates = [...this.readers];
    const [folder, reader] = candidates.find(([, { process }]) => !process.isBusy) ?? candidates[0] ?? [];
    if (folder !== undefined && reader !== undefined) void this.end(folder, reader);
  }

  private endWhenIdle(repositoryFolder: string, reader: Reader): void {
    clearTimeout(reader.idleTimer);
    reader.idleTimer = setTimeout(() => void this.end(repositoryFolder, reader), this.idleAfter);
    reader.idleTimer.unref();
  }

  private async end(repositoryFolder: string, reader: Reader): Promise<void> {
    this.forget(repositoryFolder, reader);
    const ended = reader.process.close();
    this.ending.add(ended);
    await ended;
    this.ending.delete(ended);
    this.wakeWaiting();
  }

  private forget(repositoryFolder: string, reader: Reader): void {
    clearTimeout(reader.idleTimer);
    if (this.readers.get(repositoryFolder) === reader) this.readers.delete(repositoryFolder);
    this.wakeWaiting();
  }

  /** All of them look again, in the order in which they came: the first one that fits takes the room. */
  private wakeWaiting(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }
}

/** Git trusts the index of a pack, which may lead to another object when it is damaged. */
function checked(folder: string, id: ObjectId, object: GitObject | undefined): GitObject | undefined {
  if (object !== undefined && nameObject(object.type, object.body).id !== id) throw damaged(folder, id);
  return object;
}

function damaged(location: string, id: ObjectId, cause?: Error): RepositoryDamaged {
  return new RepositoryDamaged({ subject: `object ${id}`, location }, { cause });
}
