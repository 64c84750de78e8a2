import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const COMMAND = join(import.meta.dirname, '../../../dist/apps/cli/keptn.js');
const run = promisify(execFile);

/** What bash does when a person presses the tab key, without the line editor. */
const PRESS_TAB = `
compopt() { :; }
source <(keptn completion bash)
complete -p keptn > /dev/null || exit 1
COMP_LINE=$1
COMP_POINT=\${#COMP_LINE}
_keptn
printf '%s\\n' "\${COMPREPLY[@]}"
`;

describe('completion in bash', { timeout: 120_000 }, () => {
  let home: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'keptn-bash-'));
    await mkdir(join(home, 'bin'));
    await symlink(COMMAND, join(home, 'bin/keptn'));
    await mkdir(join(home, 'folder'));
    await writeFile(join(home, 'file.yaml'), '');
  });

  afterAll(async () => {
    await rm(home, { recursive: true });
  });

  const completed = async (line: string): Promise<string[]> => {
    const path = [join(home, 'bin'), dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
    const { stdout } = await run('bash', ['--norc', '-c', PRESS_TAB, 'bash', line], {
      cwd: home,
      env: { PATH: path, HOME: home },
    });
    return stdout.trim().split('\n');
  };

  it('offers the words of commands', async () => {
    expect(await completed('keptn cre')).toEqual(['create']);
    expect(await completed('keptn create ')).toEqual(['project', 'service', 'subscription', 'token']);
  });

  it('offers flags, and the values of a flag behind a space or =', async () => {
    expect(await completed('keptn create project x --shi')).toEqual(['--shipyard']);
    expect(await completed('keptn get projects --output ')).toEqual(['table', 'json', 'yaml', 'name']);
    expect(await completed('keptn get projects --output=y')).toEqual(['yaml']);
  });

  it('offers files and folders where they are asked for', async () => {
    expect(await completed('keptn create project x --shipyard=fi')).toEqual(['file.yaml']);
    expect(await completed('keptn import project -f ')).toEqual(expect.arrayContaining(['bin', 'folder']));
    expect(await completed('keptn import project -f ')).not.toContain('file.yaml');
  });

  it('offers nothing, and says nothing, without a server to ask', async () => {
    expect(await completed('keptn get project ')).toEqual(['']);
  });
});
