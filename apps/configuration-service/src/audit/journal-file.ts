import { ftruncateSync, writeSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that is appended to at one end and sent from the other, and that is emptied whenever all of it was sent. */
export class JournalFile {
  /** Bytes of whole lines. */
  private size = 0;
  private sent = 0;
  private isDamaged = false;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /** Its name is on disk when this resolves. */
  static async create(folder: string, name: string): Promise<JournalFile> {
    const path = join(folder, name);
    const file = await open(path, 'ax+', 0o600);
    try {
      await syncFolder(folder);
    } catch (error) {
      await file.close();
      throw error;
    }
    return new JournalFile(path, file);
  }

  /** False when lines that are added might be lost. */
  get isUsable(): boolean {
    return !this.isDamaged;
  }

  /** Bytes that are to be sent. */
  get pending(): number {
    return this.size - this.sent;
  }

  /** Where the lines begin that were not sent. */
  get position(): number {
    return this.sent;
  }

  /** Adds lines, which outlive this process then: a system call that copies, as short as handing it to another thread. */
  append(lines: string): void {
    const bytes = Buffer.from(lines);
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(this.file.fd, bytes, written);
    } catch (error) {
      // A line may be there in part, and nothing can follow it.
      this.truncate(this.size);
      throw error;
    }
    this.size += bytes.length;
  }

  /** Lines that were added outlive the machine when this resolves. */
  async sync(): Promise<void> {
    try {
      await this.file.datasync();
    } catch (error) {
      this.isDamaged = true;
      throw error;
    }
  }

  /** Hands over what was not sent yet; it counts as sent when `send` resolves. */
  async take(send: (lines: string) => Promise<void>): Promise<void> {
    const { size, pending } = this;
    if (pending === 0) return;
    const { buffer, bytesRead } = await this.file.read(Buffer.alloc(pending), 0, pending, this.sent);
    await send(buffer.toString('utf8', 0, bytesRead));
    this.sent = size;
    if (this.size === size) this.empty();
  }

  close(): Promise<void> {
    return this.file.close();
  }

  /** Ends the use of a file that has nothing to be sent. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
  }

  private empty(): void {
    this.truncate(0);
    this.size = 0;
    this.sent = 0;
  }

  private truncate(size: number): void {
    try {
      ftruncateSync(this.file.fd, size);
    } catch {
      this.isDamaged = true;
    }
  }
}

/** Waits until the name of a new file is on disk. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
