import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { type EmbeddedMongodbOptions } from '../src/index';

const WORKSPACE = join(import.meta.dirname, '../../..');

export interface ChildLimits {
  /** The largest file that the process may write, in KiB; a write beyond fails as on a full disk, with EFBIG. */
  readonly fileSize: number;
}

/** A script that runs the engine in a process of its own, which can be killed. */
export interface EngineScript {
  /** Starts the engine over a folder and waits until it listens. */
  start(folder: string, limits?: ChildLimits): Promise<{ readonly process: ChildProcess; readonly uri: string }>;
  /** Starts a process that serves one folder after another. */
  startHost(): EngineHost;
  remove(): Promise<void>;
}

/** A process for stores whose damage could end it; then another one takes its place. */
export interface EngineHost {
  /**
   * Serves a folder instead of the one before.
   *
   * @returns the connection string of a database
   * @throws Error with the name and message of what the start failed with, or that says how the process ended
   */
  open(options: EmbeddedMongodbOptions): Promise<string>;
  close(): Promise<void>;
  stop(): void;
}

type HostAnswer = { readonly uri: string } | { readonly name: string; readonly message: string };

/** Bundles the engine to plain JavaScript, below the workspace so that it finds its packages. */
export async function buildEngineScript(): Promise<EngineScript> {
  await mkdir(join(WORKSPACE, 'dist'), { recursive: true });
  const folder = await mkdtemp(join(WORKSPACE, 'dist/test-engine-'));
  const bundle = await rolldown({
    input: join(import.meta.dirname, '../src/index.ts'),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
  });
  await bundle.write({ file: join(folder, 'engine.mjs'), format: 'esm' });
  await bundle.close();
  const script = join(folder, 'start.mjs');
  await writeFile(
    script,
    `import { startEmbeddedMongodb } from './engine.mjs';
const engine = await startEmbeddedMongodb({ folder: process.argv[2] });
process.send(engine.uri('test'));
process.on('disconnect', () => process.exit(1));`,
  );
  const hostScript = join(folder, 'host.mjs');
  await writeFile(
    hostScript,
    `import { startEmbeddedMongodb } from './engine.mjs';
let engine;
process.on('message', async (options) => {
  await engine?.close();
  engine = undefined;
  try {
    if (options.folder !== undefined) engine = await startEmbeddedMongodb(options);
    process.send({ uri: engine?.uri('test') ?? '' });
  } catch (error) {
    process.send({ name: error.name, message: error.message });
  }
});`,
  );
  return {
    start: async (data, limits) => {
      const child = limits === undefined ? fork(script, [data]) : forkWithin(limits, script, data);
      const [uri] = (await Promise.race([once(child, 'message'), failedStart(child)])) as [string];
      return { process: child, uri };
    },
    startHost: () => hostOf(() => fork(hostScript)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function hostOf(start: () => ChildProcess): EngineHost {
  let child = start();
  const ask = async (options: Partial<EmbeddedMongodbOptions>): Promise<string> => {
    if (!child.connected) child = start();
    const ended = new AbortController();
    const answered = once(child, 'message', { signal: ended.signal }) as Promise<[HostAnswer]>;
    const end = (code: number | null, signal: string | null): void => {
      ended.abort(new Error(`the process of the engine ended with ${signal ?? code ?? ''}`));
    };
    child.once('exit', end);
    child.send(options);
    const [answer] = await answered.finally(() => child.off('exit', end));
    if ('uri' in answer) return answer.uri;
    throw Object.assign(new Error(answer.message), { name: answer.name });
  };
  return {
    open: ask,
    close: async () => {
      await ask({});
    },
    stop: () => {
      child.disconnect();
    },
  };
}

/** `ulimit -f` counts blocks of 512 bytes. The limit is a soft one, which `prlimit` may raise again. */
const forkWithin = ({ fileSize }: ChildLimits, script: string, data: string): ChildProcess =>
  fork(script, [data], {
    execPath: '/bin/sh',
    execArgv: ['-c', `ulimit -S -f ${fileSize * 2}; exec "$0" "$@"`, process.execPath],
  });

async function failedStart(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`the engine ended with ${code ?? child.signalCode ?? ''} instead of starting`);
}
