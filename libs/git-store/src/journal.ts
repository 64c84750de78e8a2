import { mkdir, readFile, readdir, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Turnstile } from './bounded-concurrency';
import { appendSynced, errorCode, ignoreMissing, syncFile, syncFolder } from './durable-files';
import { RepositoryDamaged } from './git-store.errors';
import { type JournalRecord, decodeRecords, encodeRecord } from './journal-record';

const FOLDER = 'keptn-journal';
/** A start reads one segment at a time into memory. */
const SEGMENT_BYTES = 16 * 1024 * 1024;

/**
 * What was committed since the objects and branches of a repository were last made durable one by one: a commit is
 * durable once its record is, and the files that Git reads follow without waiting for the disk. Segments are numbered
 * files; the ones whose content is durable elsewhere are dropped. One writer at a time.
 */
export class Journal {
  private readonly folder: string;
  /** The segment that grows; older ones are complete. */
  private segment = 1;
  /** Bytes of whole records in the growing segment. */
  private length = 0;
  private lastRecord = 0;
  /** Something behind `length` could not be cut off. */
  private isTailDirty = false;
  /** Who drops what somebody else is dropping waits until that is durable. */
  private readonly drops = new Turnstile(1);

  /** @param segmentBytes a segment that is as long gets no more records */
  constructor(
    private readonly repositoryFolder: string,
    private readonly segmentBytes = SEGMENT_BYTES,
  ) {
    this.folder = join(repositoryFolder, FOLDER);
  }

  /**
   * What the segments before one hold, segment by segment. One that is dropped meanwhile is durable elsewhere.
   * @throws RepositoryDamaged when a segment holds something that no crash leaves behind
   */
  async *read(before = Infinity): AsyncGenerator<readonly JournalRecord[]> {
    for (const segment of await this.segments()) {
      if (segment < before) yield await this.readSegment(segment);
    }
  }

  /** Durable when this returns; on failure nothing was added. */
  async append(record: JournalRecord): Promise<void> {
    const bytes = encodeRecord(record);
    if (this.length >= this.segmentBytes) this.rotate();
    const isNew = this.length === 0;
    if (isNew) await this.createFolder();
    const file = this.fileOf(this.segment);
    if (this.isTailDirty) await truncate(file, this.length).catch(ignoreMissing);
    this.isTailDirty = true;
    try {
      await appendSynced(file, bytes);
      if (isNew) await syncFolder(this.folder);
    } catch (error) {
      await this.cutOff().catch(() => undefined);
      throw error;
    }
    this.isTailDirty = false;
    this.lastRecord = bytes.length;
    this.length += bytes.length;
  }

  /** Takes the record back that was added last. Tried again with the next one when the disk refuses. */
  async undo(): Promise<void> {
    this.length -= this.lastRecord;
    this.lastRecord = 0;
    this.isTailDirty = true;
    await this.cutOff().catch(() => undefined);
  }

  /** @returns what {@link drop} takes to drop everything up to now */
  rotate(): number {
    if (this.length > 0 && !this.isTailDirty) {
      this.segment++;
      this.length = 0;
      this.lastRecord = 0;
    }
    return this.segment;
  }

  /** Drops the segments before one, durably. */
  async drop(before: number): Promise<void> {
    await this.drops.run(async () => {
      const dropped = (await this.segments()).filter((segment) => segment < before);
      for (const segment of dropped) await unlink(this.fileOf(segment));
      if (dropped.length > 0) await syncFolder(this.folder);
    });
  }

  /** Drops everything; what was decided is durable elsewhere. */
  async clear(): Promise<void> {
    await this.drop(Infinity);
    this.length = 0;
    this.lastRecord = 0;
    this.isTailDirty = false;
  }

  private async createFolder(): Promise<void> {
    try {
      await mkdir(this.folder);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      return;
    }
    await syncFolder(this.repositoryFolder);
  }

  private async cutOff(): Promise<void> {
    const file = this.fileOf(this.segment);
    await truncate(file, this.length).catch(ignoreMissing);
    await syncFile(file).catch(ignoreMissing);
    this.isTailDirty = false;
  }

  private async readSegment(segment: number): Promise<JournalRecord[]> {
    const location = this.fileOf(segment);
    try {
      const bytes = await readFile(location).catch(ignoreMissing);
      return bytes === undefined ? [] : decodeRecords(bytes);
    } catch (cause) {
      const remedy = 'restore the repository from a backup, or move this file elsewhere, and restart the service';
      throw new RepositoryDamaged({ subject: `${FOLDER}/${segment}`, remedy, location }, { cause });
    }
  }

  private async segments(): Promise<number[]> {
    const names = (await readdir(this.folder).catch(ignoreMissing)) ?? [];
    return names
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  }

  private fileOf(segment: number): string {
    return join(this.folder, String(segment));
  }
}
