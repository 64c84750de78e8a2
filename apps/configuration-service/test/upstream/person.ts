import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { git } from '../git-client';

const execute = promisify(execFile);
const IDENTITY = ['-c', 'user.name=person', '-c', 'user.email=person@example.com'];

/** A bare repository in a folder, and a person who works on it with clones. */
export class Person {
  constructor(
    private readonly folder: string,
    readonly name: string,
  ) {}

  get repository(): string {
    return join(this.folder, this.name);
  }

  /** @param branch that clones check out */
  async createRepository(branch = 'master'): Promise<void> {
    await execute('git', ['init', '--quiet', '--bare', `--initial-branch=${branch}`, this.repository]);
  }

  async push(branch: string, files: Readonly<Record<string, string>>): Promise<void> {
    const clone = await mkdtemp(join(this.folder, 'clone-'));
    await execute('git', ['clone', '--quiet', this.repository, clone]);
    const run = (...args: string[]) => execute('git', ['-C', clone, ...IDENTITY, ...args]);
    await run('checkout', '-q', branch).catch(() => run('checkout', '-q', '-b', branch));
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(clone, path)), { recursive: true });
      await writeFile(join(clone, path), content);
    }
    await run('add', '--all');
    await run('commit', '--quiet', '--message', 'by hand');
    await run('push', '--quiet', 'origin', branch);
    await rm(clone, { recursive: true });
  }

  /** Makes the repository refuse or do something when it is pushed to. */
  async hook(name: string, script: string): Promise<void> {
    await writeFile(join(this.repository, 'hooks', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  git(...args: string[]): Promise<string> {
    return git(this.repository, ...args);
  }

  async branches(): Promise<string[]> {
    return (await this.git('for-each-ref', '--format=%(refname:short)', 'refs/heads')).split('\n').filter(Boolean);
  }
}
