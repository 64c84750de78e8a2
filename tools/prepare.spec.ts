import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const execute = promisify(execFile);

describe('what npm start and npm test install', () => {
  let workspace: string;

  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'keptn-prepare-'));
    await mkdir(join(workspace, 'tools'));
    await copyFile(join(import.meta.dirname, 'prepare.mjs'), join(workspace, 'tools/prepare.mjs'));
    await mkdir(join(workspace, 'builder'));
    await writeFile(join(workspace, 'builder/package.json'), '{ "name": "builder", "version": "1.0.0" }');
    const ours = { name: 'ours', devDependencies: { builder: 'file:builder' } };
    const packages = {
      '': ours,
      builder: { version: '1.0.0', dev: true },
      'node_modules/builder': { resolved: 'builder', link: true },
    };
    await writeFile(join(workspace, 'package.json'), JSON.stringify(ours));
    await writeFile(
      join(workspace, 'package-lock.json'),
      JSON.stringify({ name: 'ours', lockfileVersion: 3, requires: true, packages }),
    );
  });

  afterEach(() => rm(workspace, { recursive: true, force: true }));

  it.each([{ NODE_ENV: 'production' }, { npm_config_omit: 'dev' }])(
    'has the packages that build and test, with %j as well',
    async (environment) => {
      const script = "import('./tools/prepare.mjs').then(({ installPackages }) => installPackages())";
      await execute(process.execPath, ['--eval', script], {
        cwd: workspace,
        env: { PATH: process.env['PATH'], HOME: workspace, ...environment },
      });
      const installed = await readFile(join(workspace, 'node_modules/builder/package.json'), 'utf8');
      expect(JSON.parse(installed)).toMatchObject({ name: 'builder' });
    },
  );
});
