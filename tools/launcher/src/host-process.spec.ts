import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { findFreePorts } from '@keptn/vitest-setup/free-ports';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataFolder } from './data-folder';
import { HostProcess } from './host-process';

const LAUNCHER = join(import.meta.dirname, '../../../dist/tools/launcher/main.js');

/** A service that does as it is asked, and lets a request throw where nobody catches it: at once, or in a promise; or so that it cannot end. */
const SERVICE = (name: string): string => `
  import { createServer } from 'node:http';
  import { writeSync } from 'node:fs';
  const start = async (environment, logFile) => {
    writeSync(logFile, JSON.stringify({ msg: 'started', settings: environment.SETTING, process: process.env.SETTING }) + '\\n');
    if (environment.REFUSES) throw new Error('cannot start');
    let canEnd = true;
    const server = createServer((request, response) => {
      if (request.url === '/throw-and-stay') canEnd = false;
      if (request.url === '/throw' || request.url === '/throw-and-stay') setTimeout(() => { throw new Error('thrown'); });
      if (request.url === '/reject') void Promise.reject(new Error('rejected'));
      response.end(String(process.pid));
    });
    await new Promise((resolve, reject) => server.once('error', reject).listen(Number(environment.PORT), '127.0.0.1', resolve));
    return async () => {
      if (!canEnd) return false;
      await new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
      return true;
    };
  };
  globalThis[Symbol.for('keptn.service-host')]({ name: '${name}', variables: ['PORT', 'SETTING'], start });
`;

describe('a process with two services', () => {
  let path: string;
  let folder: DataFolder;
  let host: HostProcess;
  let restarts: string[];
  let ports: Record<string, number>;

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'keptn-host-process-'));
    folder = await DataFolder.open(path);
    restarts = [];
    ports = {};
    const plans = await Promise.all(
      ['first', 'second'].map(async (name) => {
        const script = join(path, `${name}.mjs`);
        await writeFile(script, SERVICE(name));
        const port = (ports[name] = await findFreePorts(1));
        const environment = { PORT: String(port), SETTING: `of ${name}` };
        return { name, port, url: `http://127.0.0.1:${port}`, script, environment };
      }),
    );
    const log = { kind: 'file', folder } as const;
    const onRestart = (name: string): void => void restarts.push(name);
    host = new HostProcess({ script: LAUNCHER, plans, log, waitFor: '/health', stopTimeoutMs: 5_000, onRestart });
  });

  afterEach(async () => {
    await host.stop();
    await rm(path, { recursive: true, force: true });
  });

  const ask = async (name: string, route = '/health'): Promise<string | undefined> =>
    fetch(`http://127.0.0.1:${ports[name] ?? 0}${route}`).then(
      (response) => response.text(),
      () => undefined,
    );
  const logOf = async (name: string): Promise<{ msg: string }[]> =>
    (await readFile(folder.logOf(name), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { msg: string });

  it('gives each its own settings, log and port in the one process', async () => {
    await host.start();
    expect(await ask('first')).toBe(await ask('second'));
    expect(await logOf('first')).toEqual([{ msg: 'started', settings: 'of first' }]);
    expect(await logOf('second')).toEqual([{ msg: 'started', settings: 'of second' }]);
    expect([...host.variables].sort()).toEqual(['PORT', 'SETTING']);
  });

  it.each(['/throw', '/reject'])('ends only the one whose work fails (%s), and starts it again', async (route) => {
    await host.start();
    const pid = await ask('second');
    await ask('first', route);
    await expect.poll(() => restarts).toEqual(['first']);
    expect(await ask('second')).toBe(pid);
    await expect.poll(() => ask('first'), { timeout: 10_000 }).toBe(pid);
    expect((await logOf('first')).map(({ msg }) => msg)).toEqual([
      'started',
      expect.stringMatching(/^failed: /),
      'started',
    ]);
    expect((await logOf('second')).map(({ msg }) => msg)).toEqual(['started']);
  });

  it('is started again with all of them when it is killed', async () => {
    await host.start();
    const pid = await ask('second');
    process.kill(Number(pid), 'SIGKILL');
    for (const name of ['first', 'second']) {
      await expect.poll(async () => [undefined, pid].includes(await ask(name)), { timeout: 10_000 }).toBe(false);
    }
    expect(restarts.sort()).toEqual(['first', 'second']);
  });

  it('is started again with all of them when one fails and cannot end, which would keep its port', async () => {
    await host.start();
    const pid = await ask('second');
    await ask('first', '/throw-and-stay');
    for (const name of ['first', 'second']) {
      await expect.poll(async () => [undefined, pid].includes(await ask(name)), { timeout: 10_000 }).toBe(false);
    }
    expect(restarts.sort()).toEqual(['first', 'second']);
  });

  it('is started again as a whole, and leaves no process behind, where one of them cannot begin for a while', async () => {
    await host.start();
    const pid = await ask('second');
    process.kill(Number(pid), 'SIGKILL');
    const end = await listeningAt(ports['second'] ?? 0);
    await expect.poll(() => restarts.length, { timeout: 20_000 }).toBeGreaterThan(3);
    await end();
    await expect.poll(() => ask('second'), { timeout: 20_000 }).toMatch(/^\d+$/);
    expect(await ask('first')).toBe(await ask('second'));
    await host.stop();
    expect([await ask('first'), await ask('second')]).toEqual([undefined, undefined]);
  });

  it('ends for good when it was stopped meanwhile', async () => {
    await host.start();
    process.kill(Number(await ask('first')), 'SIGKILL');
    await expect.poll(() => restarts.length).toBe(2);
    await host.stop();
    expect(await ask('first')).toBeUndefined();
    expect(restarts).toHaveLength(2);
  });

  it('lets one of them end before the other', async () => {
    await host.start();
    await host.stopService('first');
    expect(await ask('first')).toBeUndefined();
    expect(await ask('second')).toBeDefined();
  });
});

/** Takes a port as soon as it is free. @returns frees it */
const listeningAt = async (port: number): Promise<() => Promise<void>> => {
  const { createServer } = await import('node:net');
  const server = createServer((socket) => socket.destroy());
  const listen = async (): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await vi.waitFor(listen, { timeout: 10_000, interval: 10 });
  return async () => {
    server.close();
    await once(server, 'close');
  };
};
