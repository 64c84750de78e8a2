import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { type Readable } from 'node:stream';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { type Answer, freshDatabase, type Method, readyAt, request, TOKEN } from './started-service';

const WORKSPACE = resolve(import.meta.dirname, '../../..');

/** Bundles as the build of the launcher does, with its packages, so that each start is short; into a folder of this test's own. */
const BUILD = `
  import { rolldown } from 'rolldown';
  import { bundleOf } from './tools/build.mjs';
  const { input, output } = bundleOf('apps/configuration-service');
  const bundle = await rolldown({ ...input, external: ['lmdb', /^swagger-ui-dist/], logLevel: 'silent' });
  await bundle.write({ ...output, dir: process.argv[1] });
`;

/** The service as it is delivered: a process of its own that can be killed. */
export class BuiltService {
  private child: ChildProcessByStdio<null, Readable, null> | undefined;
  private url = '';
  /** Everything that it has printed. */
  log = '';

  private constructor(
    private readonly bundle: string,
    readonly folder: string,
    private readonly database: string,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  static async build(settings: Readonly<Record<string, string>> = {}): Promise<BuiltService> {
    // Below the workspace, where the packages that the bundle needs are found.
    const bundle = join(WORKSPACE, 'dist', 'test', `configuration-service-${process.pid}`);
    const script = ['--input-type=module', '--eval', BUILD, relative(WORKSPACE, bundle)];
    await promisify(execFile)(process.execPath, script, { cwd: WORKSPACE });
    const folder = await mkdtemp(join(tmpdir(), 'keptn-configuration-'));
    return new BuiltService(bundle, folder, `${inject('mongodbUri')}/${freshDatabase()}`, settings);
  }

  /** Starts the process and waits until it is ready. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [join(this.bundle, 'main.js')], {
      env: {
        PATH: process.env['PATH'],
        HOST: '127.0.0.1',
        PORT: '0',
        KEPTN_API_TOKEN: TOKEN,
        KEPTN_DATA_DIR: this.folder,
        MONGODB_URI: this.database,
        ...this.settings,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.child = child;
    child.stdout.on('data', (chunk: Buffer) => {
      this.log += chunk.toString();
    });
    this.url = await listeningAt(child.stdout);
    await readyAt(this.url);
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (child?.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
    await rm(this.bundle, { recursive: true, force: true });
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  call(method: Method, path: string, body?: unknown): Promise<Answer> {
    return request(this.url, method, path, body === undefined ? {} : { body });
  }
}

/** Reads the log up to the line that tells the address, and lets the rest of it pass. */
async function listeningAt(output: Readable): Promise<string> {
  const lines = createInterface(output);
  const read: string[] = [];
  return await new Promise((found, reject) => {
    lines.on('line', (line) => {
      read.push(line);
      const { msg, url } = JSON.parse(line) as { msg?: string; url?: string };
      if (msg === 'listening' && url !== undefined) {
        found(url);
      }
    });
    lines.on('close', () => {
      reject(new Error(`the service ended: ${read.join('\n')}`));
    });
  });
}
