import { type ChildProcessWithoutNullStreams } from 'node:child_process';
import { type GitObject, isObjectType } from './git-object';
import { startGit } from './git-process';
import { GitUnusable } from './git-store.errors';
import { type ObjectId } from './object-id';

/** Characters; the last ones say why it ends. */
const MAX_COMPLAINTS = 2_000;

interface Question {
  readonly id: ObjectId;
  readonly answer: (object: GitObject | undefined) => void;
  readonly fail: (error: Error) => void;
}

/** One `git cat-file --batch`: it is asked for objects by id and answers in the same order. */
export class CatFileProcess {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly questions: Question[] = [];
  private received: Buffer[] = [];
  private receivedBytes = 0;
  /** Bytes without which the next answer cannot be complete. */
  private neededBytes = 1;
  private readonly ended: Promise<void>;
  private failure: Error | undefined;
  private complaints = '';

  /** @param onIdle called whenever the last open question was answered or the process has ended */
  constructor(
    repositoryFolder: string,
    private readonly onIdle: () => void,
  ) {
    this.child = startGit(repositoryFolder, ['cat-file', '--batch']);
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.receive(chunk);
    });
    this.child.stderr.on('data', (chunk: Buffer) => {
      this.complaints = (this.complaints + chunk.toString()).slice(-MAX_COMPLAINTS);
    });
    // A write to a process that died: the end of the process is reported below.
    this.child.stdin.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => {
        this.end(
          new GitUnusable('Cannot start git cat-file: install Git and make sure it is in PATH', { cause: error }),
        );
        resolve();
      });
      this.child.once('close', () => {
        this.end(new GitUnusable(`git cat-file ended unexpectedly: ${this.complaints.trim()}`));
        resolve();
      });
    });
  }

  get isBusy(): boolean {
    return this.questions.length > 0;
  }

  get hasEnded(): boolean {
    return this.failure !== undefined;
  }

  /** @returns undefined when the repository has no such object */
  read(id: ObjectId): Promise<GitObject | undefined> {
    return new Promise((answer, fail) => {
      if (this.failure !== undefined) {
        fail(this.failure);
        return;
      }
      this.questions.push({ id, answer, fail });
      this.child.stdin.write(`${id}\n`);
    });
  }

  /** Lets it answer what was asked and waits for its end. */
  close(): Promise<void> {
    this.child.stdin.end();
    return this.ended;
  }

  private end(error: Error): void {
    if (this.failure !== undefined) return;
    this.failure = error;
    for (const question of this.questions.splice(0)) question.fail(error);
    this.onIdle();
  }

  private receive(chunk: Buffer): void {
    this.received.push(chunk);
    this.receivedBytes += chunk.length;
    if (this.receivedBytes < this.neededBytes) return;
    const bytes = this.received.length === 1 ? chunk : Buffer.concat(this.received);
    let offset = 0;
    this.neededBytes = 0;
    while (offset < bytes.length) {
      const next = this.takeAnswer(bytes, offset);
      if (next === undefined) break;
      offset = next;
    }
    this.received = offset === bytes.length ? [] : [bytes.subarray(offset)];
    this.receivedBytes = bytes.length - offset;
    if (!this.isBusy) this.onIdle();
  }

  /**
   * An answer is `<id> <type> <size>\n<content>\n` or `<id> missing\n`.
   * @returns where the next answer starts, undefined when this one is not complete
   */
  private takeAnswer(bytes: Buffer, start: number): number | undefined {
    const headEnd = bytes.indexOf(0x0a, start);
    if (headEnd < 0) return undefined;
    const [id = '', type = '', sizeText = ''] = bytes.toString('latin1', start, headEnd).split(' ');
    const question = this.questions[0];
    if (question === undefined || question.id !== id) {
      this.child.kill('SIGKILL');
      return undefined;
    }
    if (!isObjectType(type)) {
      this.questions.shift();
      question.answer(undefined);
      return headEnd + 1;
    }
    const bodyEnd = headEnd + 1 + Number(sizeText);
    if (bytes.length <= bodyEnd) {
      this.neededBytes = bodyEnd + 1 - start;
      return undefined;
    }
    this.questions.shift();
    question.answer({ type, body: Buffer.from(bytes.subarray(headEnd + 1, bodyEnd)) });
    return bodyEnd + 1;
  }
}
