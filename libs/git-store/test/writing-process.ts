/**
 * A process to be killed: `node writing-process.js <folder> commits|repositories`. It prints a line for everything
 * that the store has acknowledged.
 */
import process from 'node:process';
import { GitStore, type Repository } from '../src/index';

const WRITERS = 8;
const [folder = '', task = ''] = process.argv.slice(2);
const session = process.pid;

const acknowledge = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function commitForEver(repository: Repository, writer: number): Promise<never> {
  for (let index = 0; ; index++) {
    const path = `${session}/${writer}/${index}`;
    const request = { changes: [{ path, content: Buffer.from(path) }], message: path };
    if (writer < WRITERS / 2) {
      await repository.commit('dev', request);
      acknowledge(`dev ${path}`);
    } else {
      await repository.commitBranches(['dev', 'prod'].map((branch) => ({ branch, ...request })));
      acknowledge(`both ${path}`);
    }
  }
}

async function createForEver(store: GitStore, writer: number): Promise<never> {
  for (let index = 0; ; index++) {
    const name = `p-${session}-${writer}-${index}`;
    const changes = [{ path: 'metadata.yaml', content: Buffer.from(name) }];
    await store.createRepository(name, {
      branches: [
        { branch: 'master', changes },
        { branch: 'dev', from: 'master' },
        { branch: 'prod', from: 'master' },
        { branch: 'master', changes: [{ path: 'shipyard.yaml', content: Buffer.from(name) }] },
      ],
    });
    acknowledge(name);
  }
}

const store = await GitStore.open({
  folder,
  identity: { name: 'keptn', email: 'keptn@keptn.example' },
  maxLooseObjects: 300,
});
if (task === 'commits') {
  const repository = store.repository('project');
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => commitForEver(repository, writer)));
} else {
  await Promise.all([0, 1].map((writer) => createForEver(store, writer)));
}
