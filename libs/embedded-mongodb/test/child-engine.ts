import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const WORKSPACE = join(import.meta.dirname, '../../..');

export interface ChildLimits {
  /** The largest file that the process may write, in KiB; a write beyond fails as on a full disk, with EFBIG. */
  readonly fileSize: number;
}

/** A script that runs the engine in a process of its own, which can be killed. */
export interface EngineScript {
  /** Starts the engine over a folder and waits until it listens. */
  start(folder: string, limits?: ChildLimits): Promise<{ readonly process: ChildProcess; readonly uri: string }>;
  remove(): Promise<void>;
}

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
  return {
    start: async (data, limits) => {
      const child = limits === undefined ? fork(script, [data]) : forkWithin(limits, script, data);
      const [uri] = (await Promise.race([once(child, 'message'), failedStart(child)])) as [string];
      return { process: child, uri };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
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
