/** A shell in which commands are run one after the other, as in one terminal: what is exported stays. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Half an hour: images are built in it. In milliseconds. */
const TIMEOUT = 1_800_000;

/** Bytes that commands may print. */
const MAX_OUTPUT = 2 ** 28;

const bash = promisify(execFile);

export class Terminal {
  #folder = mkdtempSync(join(tmpdir(), 'keptn-terminal-'));
  #environment = join(this.#folder, 'environment');

  constructor() {
    writeFileSync(this.#environment, '');
  }

  /**
   * @param {string} commands run by bash, which ends at the first that fails
   * @returns {Promise<string>} what they printed
   * @throws {Error} with what they printed, when one fails
   */
  async run(commands) {
    const script = `set -euo pipefail\nsource ${this.#environment}\n${commands}\nexport -p >${this.#environment}\n`;
    try {
      const { stdout } = await bash('bash', ['-c', script], { timeout: TIMEOUT, maxBuffer: MAX_OUTPUT });
      return stdout;
    } catch (error) {
      const { stdout = '', stderr = '' } = /** @type {{ stdout?: string, stderr?: string }} */ (error);
      throw new Error(`these commands failed:\n${commands}\n${stdout}${stderr}`, { cause: error });
    }
  }

  /**
   * @param {string} name of an exported variable
   * @returns {Promise<string>}
   */
  variable(name) {
    return this.run(`printf %s "$${name}"`);
  }

  close() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
