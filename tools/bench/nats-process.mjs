/** A real nats-server that can be ended and started again at its address. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class NatsProcess {
  #folder = mkdtempSync(join(tmpdir(), 'keptn-nats-'));
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;

  /** @param {{ port: number, hasJetStream: boolean }} options */
  constructor({ port, hasJetStream }) {
    this.address = `127.0.0.1:${port}`;
    this.args = ['-a', '127.0.0.1', '-p', String(port), ...(hasJetStream ? ['-js', '-sd', this.#folder] : [])];
  }

  /** Resolves when it takes connections. */
  async start() {
    const child = spawn('nats-server', this.args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    await /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        child.stderr.on('data', (/** @type {Buffer} */ lines) => {
          if (lines.includes('Server is ready')) resolve();
        });
      })
    );
  }

  /** @param {NodeJS.Signals} signal */
  async end(signal) {
    if (this.#child === undefined) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    this.#child = undefined;
    await ended;
  }

  async dispose() {
    await this.end('SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
