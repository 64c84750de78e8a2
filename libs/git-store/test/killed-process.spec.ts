import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { beforeAll, expect, it } from 'vitest';
import { GitStore, type Repository } from '../src/index';
import { createProject, fsck, git, identity, openStore, temporaryFolder } from './store-fixture';

const ROUNDS = 8;
/** Milliseconds after the first acknowledged write. */
const LONGEST_LIFE = 250;

let program: string;

beforeAll(async () => {
  const here = dirname(fileURLToPath(import.meta.url));
  const bundle = await rolldown({ input: join(here, 'writing-process.ts'), platform: 'node' });
  const { output } = await bundle.generate({ format: 'esm' });
  program = output[0].code;
  await bundle.close();
});

/** Runs a process until it is killed at a random moment; returns what it had acknowledged. */
async function runAndKill(folder: string, task: string): Promise<string[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-', folder, task], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(program);
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  setTimeout(() => child.kill('SIGKILL'), Math.random() * LONGEST_LIFE);
  await closed;
  return printed.split('\n').slice(0, -1);
}

async function pathsOf(repository: Repository, branch: string): Promise<Set<string>> {
  const files = await repository.list({ branch });
  return new Set(files.map(({ path }) => path));
}

it('loses no acknowledged commit, makes each once, and leaves nothing half done', async () => {
  const folder = await temporaryFolder();
  const first = await GitStore.open({ folder, identity });
  await createProject(first);
  await first.close();
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    acknowledged.push(...(await runAndKill(folder, 'commits')));
    const store = await GitStore.open({ folder, identity });
    const repository = store.repository('project');
    const [dev, prod] = [await pathsOf(repository, 'dev'), await pathsOf(repository, 'prod')];
    for (const line of acknowledged) {
      const [branches = '', path = ''] = line.split(' ');
      expect(dev).toContain(path);
      if (branches === 'both') expect(prod).toContain(path);
    }
    const onBoth = [...dev].filter((path) => Number(path.split('/')[1]) >= 4);
    expect(prod).toEqual(new Set([...onBoth, 'metadata.yaml']));
    const subjects = (await git(repository, 'log', '--format=%s', 'dev', '^master')).trim().split('\n');
    expect(subjects.sort()).toEqual([...dev].filter((path) => path !== 'metadata.yaml').sort());
    await fsck(repository);
    await store.close();
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS);
});

it('leaves a repository that was being created complete or not there at all', async () => {
  const folder = await temporaryFolder();
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS / 2; round++) acknowledged.push(...(await runAndKill(folder, 'repositories')));
  const store = await openStore({ folder });
  expect(store.repositories()).toEqual(expect.arrayContaining(acknowledged));
  for (const name of store.repositories()) {
    const repository = store.repository(name);
    expect(repository.branches()).toEqual(['dev', 'master', 'prod']);
    expect(await pathsOf(repository, 'master')).toEqual(new Set(['metadata.yaml', 'shipyard.yaml']));
  }
  await fsck(store.repository(acknowledged.at(-1) ?? ''));
});
