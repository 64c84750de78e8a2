import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type UpstreamRemote, upstreamRemote } from '../src/index';
import { temporaryFolder } from './store-fixture';

const execute = promisify(execFile);

/** Who a person is to Git. */
const PERSON = ['-c', 'user.name=person', '-c', 'user.email=person@example.com'];

/** A bare repository of somebody else, and a person who works with a clone of it. */
export class ForeignRepository {
  private constructor(
    readonly folder: string,
    private readonly clone: string,
  ) {}

  static async create(): Promise<ForeignRepository> {
    const folder = await temporaryFolder();
    await execute('git', ['init', '--quiet', '--bare', '--initial-branch=master', join(folder, 'upstream.git')]);
    return new ForeignRepository(join(folder, 'upstream.git'), join(folder, 'clone'));
  }

  get remote(): UpstreamRemote {
    return upstreamRemote({ url: pathToFileURL(this.folder).href, folder: this.clone }, { allowFile: true });
  }

  /** What Git prints about the upstream. */
  async git(...args: string[]): Promise<string> {
    return (await execute('git', ['--git-dir', this.folder, ...args])).stdout.trim();
  }

  /** A person changes files and pushes; null deletes one. */
  async change(branch: string, files: Readonly<Record<string, string | null>>, message = 'by hand'): Promise<void> {
    await rm(this.clone, { recursive: true, force: true });
    await execute('git', ['clone', '--quiet', this.folder, this.clone]);
    const run = (...args: string[]) => execute('git', ['-C', this.clone, ...PERSON, ...args]);
    await run('checkout', '-q', branch).catch(() => run('checkout', '-q', '-b', branch));
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(this.clone, path)), { recursive: true });
      await (content === null ? rm(join(this.clone, path)) : writeFile(join(this.clone, path), content));
    }
    await run('add', '--all');
    await run('commit', '--quiet', '--message', message);
    await run('push', '--quiet', 'origin', branch);
  }

  async read(branch: string, path: string): Promise<string> {
    return await this.git('show', `${branch}:${path}`);
  }

  /** Makes the upstream refuse or do something when it is pushed to. */
  async hook(name: string, script: string): Promise<void> {
    const file = join(this.folder, 'hooks', name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
}
