import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';

/** Writes a tar archive to a stream, file by file; none of them is held in memory. */
export class TarWriter {
  private readonly tar: Pack = pack();
  private readonly done: Promise<void>;

  constructor(target: Writable) {
    this.done = pipeline(this.tar, target);
    // Its failure is thrown where the end is waited for.
    this.done.catch(() => undefined);
  }

  /**
   * @param path in the archive
   * @param file on disk
   */
  async addFile(path: string, file: string): Promise<void> {
    const { size } = await stat(file);
    await pipeline(createReadStream(file), this.tar.entry({ name: path, size, mode: 0o600 }));
  }

  addText(path: string, text: string): void {
    this.tar.entry({ name: path }, text);
  }

  /** Resolves when the whole archive is written to the target. */
  async finish(): Promise<void> {
    this.tar.finalize();
    await this.done;
  }
}
