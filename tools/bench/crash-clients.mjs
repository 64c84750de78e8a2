/** Writers and readers of a few files each, who remember what they were told. */
import { Connection } from './load.mjs';

export const PROJECT = 'crash';
export const STAGE = 'dev';
/** Files that one writer changes in turn: few, so that the same file is written again and again. */
const FILES_PER_WRITER = 5;
const RESOURCES = `/v1/project/${PROJECT}/stage/${STAGE}/resource`;

/** @typedef {{ requestId: string, path: string, sequence: number, content: string }} Write */
/** @typedef {Write & { version: string }} AcknowledgedWrite with the commit that the answer named */

/** @param {string} path @param {number} sequence */
const contentOf = (path, sequence) => JSON.stringify({ path, sequence });

/** @param {string} text the answer to a read @returns {{ path: string, sequence: number }} */
const parseResource = (text) => JSON.parse(Buffer.from(JSON.parse(text).resourceContent, 'base64').toString());

/** The clients of all rounds; what they know outlives the service. */
export class CrashClients {
  /** @type {AcknowledgedWrite[]} */
  acknowledged = [];
  /** Sent and never answered: it may have happened or not. @type {Write[]} */
  unanswered = [];
  /** By path the newest sequence that was seen or acknowledged; nobody may ever see an older one again. @type {Map<string, number>} */
  seen = new Map();
  /** @type {string[]} */
  violations = [];
  reads = 0;
  sequence = 0;

  /** @param {{ writers: number, readers: number }} numbers */
  constructor({ writers, readers }) {
    this.writers = writers;
    this.readers = readers;
    this.paths = Array.from({ length: writers * FILES_PER_WRITER }, (_, index) => this.pathOf(index % writers, index));
  }

  /**
   * Lets all of them loose.
   * @param {string} url
   * @param {() => boolean} isAlive false once the service is being killed: errors are no violation then
   * @returns {Promise<void>} when all have noticed that the service is gone
   */
  async run(url, isAlive) {
    const works = [
      ...Array.from({ length: this.writers }, (_, writer) => this.repeat(url, isAlive, (to) => this.write(to, writer))),
      ...Array.from({ length: this.readers }, () => this.repeat(url, isAlive, (to) => this.read(to))),
    ];
    await Promise.all(works);
  }

  /** Reads all files: whatever was acknowledged or seen is there. @param {string} url */
  async readAll(url) {
    const connection = new Connection(url);
    for (const path of this.paths) {
      await this.readPath(connection, path);
    }
    await connection.close();
  }

  /** @param {string} url @param {() => boolean} isAlive @param {(connection: Connection) => Promise<void>} work */
  async repeat(url, isAlive, work) {
    const connection = new Connection(url);
    while (isAlive()) {
      try {
        await work(connection);
      } catch (error) {
        if (isAlive()) {
          this.violations.push(`a request failed while the service was running: ${error}`);
        }
        break;
      }
    }
    await connection.close();
  }

  /** @param {Connection} connection @param {number} writer */
  async write(connection, writer) {
    const sequence = ++this.sequence;
    const path = this.pathOf(writer, sequence);
    const content = contentOf(path, sequence);
    const write = { requestId: `write-${sequence}`, path, sequence, content };
    this.unanswered.push(write);
    const answer = await connection.send({
      method: 'PUT',
      path: `${RESOURCES}/${path}`,
      body: { resourceContent: Buffer.from(content).toString('base64') },
      headers: { 'x-request-id': write.requestId },
    });
    if (answer.status !== 201) {
      throw new Error(`${path} was answered with ${answer.status} ${answer.text}`);
    }
    this.unanswered.splice(this.unanswered.indexOf(write), 1);
    this.acknowledged.push({ ...write, version: JSON.parse(answer.text).version });
    this.note(path, sequence);
  }

  /** @param {Connection} connection */
  async read(connection) {
    await this.readPath(connection, this.pathOf(this.reads % this.writers, Math.floor(Math.random() * 1e6)));
  }

  /** @param {Connection} connection @param {string} path */
  async readPath(connection, path) {
    const atLeast = this.seen.get(path);
    const answer = await connection.send({ method: 'GET', path: `${RESOURCES}/${path}` });
    this.reads += 1;
    if (answer.status === 404 && atLeast === undefined) {
      return;
    }
    if (answer.status !== 200) {
      throw new Error(`${path}, which was there, was answered with ${answer.status} ${answer.text}`);
    }
    const found = parseResource(answer.text);
    if (found.path !== path || found.sequence < (atLeast ?? 0)) {
      this.violations.push(`${path} shows ${JSON.stringify(found)} after sequence ${atLeast}`);
    }
    this.note(path, found.sequence);
  }

  /** @param {string} path @param {number} sequence */
  note(path, sequence) {
    this.seen.set(path, Math.max(sequence, this.seen.get(path) ?? 0));
  }

  /** @param {number} writer @param {number} index */
  pathOf(writer, index) {
    return `writer-${writer}/file-${index % FILES_PER_WRITER}.json`;
  }
}
