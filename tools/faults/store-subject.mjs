/** One store of the build as a process of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('store-process.mjs', import.meta.url));

/** A start that the subject refused; the message is what it said. */
export class Refused extends Error {}

/**
 * What rounds are played with. A write that resolves is acknowledged; a failure has the message that a client sees.
 *
 * @typedef {{
 *   readonly pid: number,
 *   readonly hasEnded: boolean,
 *   readonly write: (key: string, text: string) => Promise<unknown>,
 *   readonly read: (key: string) => Promise<string | undefined>,
 *   readonly end: (signal: 'SIGKILL' | 'SIGTERM') => Promise<void>,
 * }} Subject
 */

/** @implements {Subject} */
export class StoreSubject {
  /** @type {Map<number, (answer: { text?: string, failure?: string }) => void>} */
  waiting = new Map();
  lastId = 0;

  /** @param {import('node:child_process').ChildProcess} child */
  constructor(child) {
    this.child = child;
    this.exited = once(child, 'exit');
    child.on('message', (/** @type {{ id: number, text?: string, failure?: string }} */ answer) =>
      this.waiting.get(answer.id)?.(answer),
    );
    child.once('exit', (code, signal) => {
      for (const answer of this.waiting.values()) answer({ failure: `CRASHED with ${code ?? signal}` });
    });
  }

  /** @param {'events' | 'git'} kind @param {string} folder @param {number} [fileKib] the size of the largest file that it may write */
  static async start(kind, folder, fileKib) {
    const limited = {
      execPath: '/bin/sh',
      // `ulimit -f` of POSIX counts blocks of 512 bytes; the soft limit can be lifted again.
      execArgv: ['-c', `ulimit -S -f ${(fileKib ?? 0) * 2}; exec "$0" "$@"`, process.execPath],
    };
    const options = fileKib === undefined ? {} : limited;
    const subject = new StoreSubject(fork(SCRIPT, [kind, folder], { stdio: 'ignore', ...options }));
    const { failure } = await subject.answer(0);
    if (failure !== undefined) {
      await subject.exited;
      throw new Refused(failure);
    }
    return subject;
  }

  get pid() {
    return Number(this.child.pid);
  }

  get hasEnded() {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** @param {string} key @param {string} text */
  write(key, text) {
    return this.ask({ key, text });
  }

  /** @param {string} key */
  read(key) {
    return this.ask({ key });
  }

  /** @param {'SIGKILL' | 'SIGTERM'} signal */
  async end(signal) {
    this.child.kill(signal);
    await this.exited;
  }

  /** @param {{ key: string, text?: string }} question */
  async ask(question) {
    const id = ++this.lastId;
    const answer = this.answer(id);
    if (this.child.connected) this.child.send({ id, ...question }, () => undefined);
    else this.waiting.get(id)?.({ failure: 'has ended' });
    const { text, failure } = await answer;
    if (failure !== undefined) throw new Error(failure);
    return text;
  }

  /** @param {number} id @returns {Promise<{ text?: string, failure?: string }>} */
  async answer(id) {
    const answer = await new Promise((resolve) => this.waiting.set(id, resolve));
    this.waiting.delete(id);
    return answer;
  }
}
