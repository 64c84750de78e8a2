import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { SERVICES } from '@keptn/service-catalog';
import { findFreePorts } from '@keptn/vitest-setup/free-ports';
import { familyOf, killAll, type ProcessEntry } from './processes';

const LAUNCHER = join(import.meta.dirname, '../../../dist/tools/launcher/main.js');

/** The program of a service, with all that it needs, as the launcher has it run. */
export const programOf = (service: string): string => join(dirname(LAUNCHER), 'services', 'apps', service, 'main.js');

/** Services take the gateway's port and some above it. */
const PORTS = Math.max(...SERVICES.map(({ portOffset }) => portOffset)) + 1;

/** For tests that kill one service and watch the others; by default services share processes. */
export const SEPARATE_PROCESSES = { KEPTN_PROCESSES: 'separate' } as const;

/** For tests that play the services which react. */
export const WITHOUT_REACTIONS = { KEPTN_WITHOUT: 'lighthouse-service,shipyard-controller' } as const;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body, undefined when it is not JSON. */
  readonly json: unknown;
}

export interface Launch {
  readonly dataFolder: string;
  readonly firstPort: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Script of the launcher; that of this workspace when absent. */
  readonly launcher?: string;
  /** The only service to run, as `nx serve` does. */
  readonly alone?: string;
  /** Most files that a process may have open; the limit of this process when absent. */
  readonly openFiles?: number;
}

/** A data folder and ports of a test's own. */
export async function newLaunch(environment: Readonly<Record<string, string>> = {}): Promise<Launch> {
  return {
    dataFolder: await mkdtemp(join(tmpdir(), 'keptn-e2e-')),
    firstPort: await findFreePorts(PORTS),
    environment,
  };
}

/** A system as its clients see it. */
export class ReachableSystem {
  constructor(readonly launch: Launch) {}

  get endpoint(): string {
    return `http://localhost:${this.launch.firstPort}/api`;
  }

  /** The generated API token. */
  async token(): Promise<string> {
    return (await readFile(join(this.launch.dataFolder, 'token'), 'utf8')).trim();
  }

  /** A request with the token, unless `headers` say otherwise. */
  async call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    const token = await this.token();
    const response = await fetch(`${this.endpoint}${path}`, {
      method,
      headers: {
        ...(headers ?? { 'x-token': token }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  }
}

/** Node has no call for limits, so a shell sets it and becomes the program. */
const withOpenFiles = (most: number, words: readonly string[]): readonly string[] => [
  '/bin/sh',
  ...['-c', 'ulimit -n "$0" && exec "$@"', String(most)],
  ...words,
];

/** The launcher as a process, whether or not it gets anywhere. */
export class LaunchedSystem extends ReachableSystem {
  readonly child: ChildProcess;
  output = '';
  private readonly exited: Promise<unknown>;

  constructor(launch: Launch) {
    super(launch);
    const words = [
      process.execPath,
      launch.launcher ?? LAUNCHER,
      ...(launch.alone === undefined ? [] : ['serve', launch.alone]),
    ];
    const [program = '', ...args] = launch.openFiles === undefined ? words : withOpenFiles(launch.openFiles, words);
    this.child = spawn(program, args, {
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        KEPTN_DATA_DIR: launch.dataFolder,
        KEPTN_PORT: String(launch.firstPort),
        ...launch.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exited = once(this.child, 'exit');
    this.child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  /** Resolves when the launcher has ended: its exit code, null when it was killed. */
  async exitCode(): Promise<number | null> {
    await this.exited;
    return this.child.exitCode;
  }

  /** Resolves with everything printed so far as soon as `text` is among it. */
  async printed(text: string): Promise<string> {
    while (!this.output.includes(text)) {
      const ended = this.child.exitCode !== null || this.child.signalCode !== null;
      if (ended) {
        throw new Error(`the launcher ended without printing "${text}":\n${this.output}`);
      }
      await Promise.race([
        this.exited,
        ...[this.child.stdout, this.child.stderr]
          .filter((stream) => stream !== null)
          .map((stream) => once(stream, 'data')),
      ]);
    }
    return this.output;
  }

  async processes(): Promise<ProcessEntry[]> {
    return this.child.pid === undefined ? [] : familyOf(this.child.pid);
  }

  async processOf(service: string): Promise<ProcessEntry> {
    const found = (await this.processes()).find(({ commandLine }) => commandLine.includes(`/apps/${service}/`));
    if (found === undefined) {
      throw new Error(`${service} is not running`);
    }
    return found;
  }

  /** Ctrl-C, as the terminal sends it. */
  async interrupt(): Promise<number | null> {
    this.child.kill('SIGINT');
    return this.exitCode();
  }

  /** kill -9 of every process at once. */
  async killEverything(): Promise<void> {
    killAll(await this.processes());
    await this.exited;
  }
}

/** Starts the system and waits until it is ready. */
export async function startSystem(launch: Launch): Promise<LaunchedSystem> {
  const system = new LaunchedSystem(launch);
  await system.printed('Keptn is ready at ');
  return system;
}

export const removeData = ({ dataFolder }: Launch): Promise<void> => rm(dataFolder, { recursive: true, force: true });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
