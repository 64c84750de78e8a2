import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

const WORKSPACE = join(import.meta.dirname, '../../..');

const execute = promisify(execFile);

/** What the process around it, itself a task of Nx, says of its own workspace would lead Nx astray. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NX_|VITEST)/.test(name)));

/** The sources of the workspace in a folder of a test's own, with the same packages. */
export class WorkspaceCopy {
  private constructor(readonly folder: string) {}

  static async make(): Promise<WorkspaceCopy> {
    const { stdout } = await execute('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: WORKSPACE,
    });
    const copy = new WorkspaceCopy(await mkdtemp(join(tmpdir(), 'keptn-workspace-')));
    for (const file of stdout.split('\0').filter((name) => name !== '')) {
      const target = join(copy.folder, file);
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(WORKSPACE, file), target);
    }
    await symlink(join(WORKSPACE, 'node_modules'), join(copy.folder, 'node_modules'));
    return copy;
  }

  /**
   * Runs a program of node_modules in the copy.
   *
   * @throws an error with what it printed when it fails
   */
  async run(program: string, ...args: string[]): Promise<void> {
    const path = join(this.folder, 'node_modules', '.bin', program);
    await execute(path, args, { cwd: this.folder, env: environment }).catch((error: unknown) => {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`);
    });
  }

  /** Replaces the text of a file. */
  async change(file: string, edit: (text: string) => string): Promise<void> {
    const path = join(this.folder, file);
    await writeFile(path, edit(await readFile(path, 'utf8')));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** As docs/concepts/service.md has it. */
export const generateService = (copy: WorkspaceCopy, name: string, description: string): Promise<void> =>
  copy.run(
    'nx',
    'generate',
    './tools/generators/generators.json:service',
    name,
    '--description',
    description,
    '--no-interactive',
  );
