/** One round: texts are written, something goes wrong, and after the next start each acknowledged one is there or missed loudly. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Disk } from './disk.mjs';
import { Refused } from './store-subject.mjs';

/** @typedef {import('./random.mjs').Chances} Chances */
/** @typedef {import('./store-subject.mjs').Subject} Subject */
/** @typedef {'whole' | 'said' | 'SILENT LOSS' | 'WRONG'} Outcome */
/** @typedef {{ outcome: Outcome, acknowledged: number, detail: string }} Result */
/** @typedef {(folder: string, fileKib?: number) => Promise<Subject>} Start */

const WRITERS = 4;
const LONGEST_TEXT = 20_000;
/** How long a subject that has space again may take to accept a write, in milliseconds. */
const RECOVERY_MS = 30_000;
const RECOVERY_PAUSE_MS = 50;
/** No round takes as long, in milliseconds; it hangs then. */
const ROUND_MS = 180_000;

/** Says that a disk takes no writes, and why. */
const NO_WRITES = /no space left|cannot be written|is read-only|create and write to/i;
/** Says that something stored cannot be read, and what. */
const DAMAGE = /damaged|does not hold a token|401/;

export class Round {
  /** @type {Map<string, string>} what was acknowledged */
  acknowledged = new Map();
  /** @type {Set<Subject>} */
  started = new Set();
  next = 0;

  /** @param {Start} startSubject @param {Chances} chances @param {number} [diskBytes] */
  constructor(startSubject, chances, diskBytes) {
    this.startSubject = startSubject;
    this.chances = chances;
    this.disk = new Disk(diskBytes);
    this.folder = join(this.disk.folder, 'data');
  }

  /**
   * @param {(round: Round) => Promise<string>} harm says what it did
   * @param {{ damages: boolean }} options whether it changed what was stored; nothing may be missing otherwise
   * @returns {Promise<Result>}
   */
  async play(harm, { damages }) {
    const played = harm(this).then((detail) => this.verdict(detail, damages));
    const isOver = new AbortController();
    const hangs = delay(ROUND_MS, undefined, { signal: isOver.signal }).then(() => {
      throw new Error(`no end within ${ROUND_MS} ms`);
    });
    try {
      return await Promise.race([played, hangs]);
    } catch (error) {
      return { outcome: 'WRONG', acknowledged: this.acknowledged.size, detail: String(error) };
    } finally {
      isOver.abort();
      await Promise.all([...this.started].map((subject) => subject.end('SIGKILL')));
      this.disk.dispose();
    }
  }

  /** @param {number} [fileKib] */
  async start(fileKib) {
    const subject = await this.startSubject(this.folder, fileKib);
    this.started.add(subject);
    return subject;
  }

  /** Writes until that fails or so many are acknowledged. @param {Subject} subject @param {number} count */
  async write(subject, count) {
    /** @type {unknown} */
    let failure;
    const enough = this.acknowledged.size + count;
    const writer = async () => {
      while (failure === undefined && this.acknowledged.size < enough) {
        await this.writeOne(subject).catch((/** @type {unknown} */ error) => (failure = error));
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
    return failure;
  }

  /** Writes until the disk takes no more. @param {Subject} subject @returns {Promise<string>} what the subject said then */
  async writeUntilRefused(subject) {
    return this.refusal(await this.write(subject, Infinity));
  }

  /** @param {Subject} subject */
  async writeOne(subject) {
    const key = `k${this.next++}`;
    const text = this.chances.text(1 + this.chances.below(LONGEST_TEXT));
    await subject.write(key, text);
    this.acknowledged.set(key, text);
  }

  /** A disk that takes no writes: the subject reads on and refuses to start, or starts and reads. */
  async expectReadsOrRefusal() {
    try {
      const subject = await this.start();
      await this.expectWhole(subject);
      await subject.end('SIGKILL');
      return 'reads';
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return this.refusal(error);
    }
  }

  /** Reads all while it refuses writes, and accepts writes by itself once it can. @param {Subject} subject @param {() => void} mend */
  async expectRecovery(subject, mend) {
    await this.expectWhole(subject);
    mend();
    const deadline = performance.now() + RECOVERY_MS;
    for (;;) {
      const failure = await this.write(subject, 1);
      if (failure === undefined) return;
      if (subject.hasEnded || performance.now() > deadline) throw failure;
      await delay(RECOVERY_PAUSE_MS);
    }
  }

  /** @param {Subject} subject */
  async expectWhole(subject) {
    const { missing, said } = await this.readAll(subject);
    if (missing.length + said.length > 0) throw new Error(`not read: ${[...missing, ...said][0]}`);
  }

  /** @param {unknown} failure @returns {string} its text, which has to tell a person about the disk */
  refusal(failure) {
    const message = failure instanceof Error ? failure.message : 'no failure';
    if (!NO_WRITES.test(message)) throw new Error(`a disk that takes no writes was answered with: ${message}`);
    return message;
  }

  /** @param {Subject} subject @returns {Promise<{ missing: string[], said: string[] }>} */
  async readAll(subject) {
    /** @type {string[]} */
    const missing = [];
    /** @type {string[]} */
    const said = [];
    for (const [key, text] of this.acknowledged) {
      try {
        const found = await subject.read(key);
        if (found !== text) missing.push(`${key} ${found === undefined ? 'is gone' : 'has another text'}`);
      } catch (error) {
        said.push(error instanceof Error ? error.message : String(error));
      }
    }
    return { missing, said };
  }

  /** @param {string} detail @param {boolean} damages @returns {Promise<Result>} */
  async verdict(detail, damages) {
    const acknowledged = this.acknowledged.size;
    const { missing, said } = await this.start().then(
      (subject) => this.readAll(subject),
      (/** @type {unknown} */ error) => {
        if (!(error instanceof Refused)) throw error;
        return { missing: [], said: [error.message] };
      },
    );
    const [first] = [...missing, ...said.filter((text) => !damages || !DAMAGE.test(text)), ...said];
    /** @type {Outcome} */
    let outcome = 'whole';
    if (missing.length > 0) outcome = 'SILENT LOSS';
    else if (said.length > 0) outcome = damages && DAMAGE.test(first ?? '') ? 'said' : 'WRONG';
    return { outcome, acknowledged, detail: first === undefined ? detail : `${detail}: ${first}` };
  }
}
