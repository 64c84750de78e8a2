import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { type DataFolder } from './data-folder';
import { StartFailure } from './start-failure';
import { type ServicePlan } from './topology';

/** Pause between two looks at whether a service is ready, in milliseconds. */
const READY_POLL_MS = 50;

/** A service that is not ready after this time, on the slowest of machines, will not be; in milliseconds. */
const READY_TIMEOUT_MS = 60_000;

/** A service that has not ended this long after SIGTERM is killed, in milliseconds. */
const STOP_TIMEOUT_MS = 4_500;

/** Pauses before the attempts to start a service again that ended by itself, in milliseconds; the last one repeats. */
const RESTART_DELAYS_MS = [200, 1_000, 5_000];

/** What a service needs to know of the machine: where programs and home are, proxies and certificates, Node's own. */
const OF_THE_MACHINE =
  /^(?:PATH|HOME|TMPDIR|TZ|LANG|LC_\w+|NODE_\w+|SSL_CERT_\w+|GIT_SSL_\w+|(?:https?|no|all)_proxy|SystemRoot|TEMP|TMP)$/i;

/** Settings of docs/operate/settings.md that are passed on as they are. */
const LEFT_TO_THE_PERSON = new RegExp(
  `^(?:${[
    'MAX_BODY_BYTES',
    'PREFIX_PATH',
    'AUTH_CACHE_MS',
    'AUTH_FAILURES_PER_MINUTE',
    'BRIDGE_URL',
    'TRUSTED_PROXIES',
    String.raw`MAX_HEADER_\w+`,
    '(?:HEADERS|BODY|KEEP_ALIVE|STALLED_CLIENT)_TIMEOUT_MS',
    String.raw`MAX_CONNECTIONS\w*`,
    'CORS_ALLOWED_ORIGINS',
    'EXPOSE_INTERNAL_ENDPOINTS',
    'TLS_(?:CERT|KEY)_FILE',
    String.raw`UPSTREAM_\w+`,
    'POD_NAMESPACE',
    String.raw`GIT_AUTHOR_\w+`,
    'DELIVERY_LEASE_MS',
    'SEQUENCE_GAP_MS',
    'STREAM_HEARTBEAT_MS',
    String.raw`RETENTION_\w+`,
  ].join('|')})$`,
);

export interface ServiceProcessOptions {
  readonly plan: ServicePlan;
  readonly log: LogTarget;
  /** `/ready` needs the services that this one needs; `/health` only this one. */
  readonly waitFor: '/ready' | '/health';
  /** Called when the service has ended by itself and will be started again. */
  readonly onRestart: (name: string, hint: string) => void;
}

export type LogTarget = { readonly kind: 'file'; readonly folder: DataFolder } | { readonly kind: 'console' };

/** One service, kept running until it is told to stop. */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private isStopping = false;
  /** Ends the pause before the next attempt to start again. */
  private pause = new AbortController();
  private restarting: Promise<void> = Promise.resolve();

  private readonly plan: ServicePlan;
  private readonly log: LogTarget;

  constructor(private readonly options: ServiceProcessOptions) {
    this.plan = options.plan;
    this.log = options.log;
  }

  get name(): string {
    return this.plan.name;
  }

  /** @throws StartFailure when the service ends instead of becoming ready, or does not become ready in time */
  async start(): Promise<void> {
    const child = await this.spawn();
    const ended = once(child, 'exit').then(() => 'ended' as const);
    const outcome = await Promise.race([ended, this.untilReady(child)]);
    if (outcome === 'ended' && !this.isStopping) {
      throw new StartFailure(`${this.plan.name} ended while starting: ${await this.lastWords()}`);
    }
    if (outcome === 'late') {
      child.kill('SIGKILL');
      throw new StartFailure(
        `${this.plan.name} did not become ready within ${READY_TIMEOUT_MS / 1000} s${this.hint()}`,
      );
    }
    child.once('exit', () => {
      this.restarting = this.restart();
    });
  }

  /** Ends the service, finishing its requests in flight; kills it when that takes too long. It is not started again then. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.pause.abort();
    await this.end();
    await this.restarting;
  }

  private async end(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(killer);
  }

  /** Ends the service and starts it again, as after a new build. */
  async renew(): Promise<void> {
    await this.stop();
    this.isStopping = false;
    this.pause = new AbortController();
    await this.start();
  }

  private async spawn(): Promise<ChildProcess> {
    const inherited = Object.entries(process.env).filter(
      ([name]) => OF_THE_MACHINE.test(name) || LEFT_TO_THE_PERSON.test(name),
    );
    const env = { ...Object.fromEntries(inherited), ...this.plan.environment };
    const log = this.log.kind === 'file' ? await this.log.folder.openLog(this.plan.name) : undefined;
    const output = log?.fd ?? 'inherit';
    // Somebody may have stopped it meanwhile, who would not know of the new process.
    if (this.isStopping) {
      await log?.close();
      throw new StartFailure(`${this.plan.name} is being stopped`);
    }
    // In a process group of its own, so that Ctrl-C reaches it through the launcher only, in the right order. The IPC channel
    // tells it when the launcher is gone without a word.
    const child = fork(this.plan.script, {
      env,
      execArgv: ['--enable-source-maps'],
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
    });
    this.child = child;
    await log?.close();
    return child;
  }

  private async untilReady(child: ChildProcess): Promise<'ready' | 'late' | 'ended'> {
    const deadline = performance.now() + READY_TIMEOUT_MS;
    while (performance.now() < deadline) {
      if (child.exitCode !== null || this.isStopping) {
        return 'ended';
      }
      if (await answersOk(this.plan.url + this.options.waitFor)) {
        return 'ready';
      }
      await delay(READY_POLL_MS);
    }
    return 'late';
  }

  private async restart(): Promise<void> {
    for (let attempt = 0; !this.isStopping; attempt += 1) {
      this.options.onRestart(this.plan.name, this.hint());
      const pauseMs = RESTART_DELAYS_MS[Math.min(attempt, RESTART_DELAYS_MS.length - 1)];
      await delay(pauseMs, undefined, { signal: this.pause.signal }).catch(() => undefined);
      if (await this.tryStart()) {
        return;
      }
    }
  }

  private async tryStart(): Promise<boolean> {
    try {
      await this.start();
      return true;
    } catch (error) {
      if (!(error instanceof StartFailure)) {
        throw error;
      }
      return false;
    }
  }

  private hint(): string {
    return this.log.kind === 'file' ? `; its log: ${this.log.folder.logOf(this.plan.name)}` : '';
  }

  /** What the service said of itself in its last log line. */
  private async lastWords(): Promise<string> {
    if (this.log.kind === 'console') {
      return 'see its last line above';
    }
    const path = this.log.folder.logOf(this.plan.name);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    return `${messageOf(lines.at(-1) ?? '')}; its log: ${path}`;
  }
}

const messageOf = (line: string): string => {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry === 'object' && entry !== null && 'msg' in entry && typeof entry.msg === 'string') {
      return entry.msg;
    }
  } catch {
    // Not a log entry: something that ended before it could log.
  }
  return line;
};

/** The process was started right here: whom its certificate is for, and who has signed it, is for its clients to ask. */
const toOwnProcess = new Agent({ connect: { rejectUnauthorized: false } });

const answersOk = async (url: string): Promise<boolean> => {
  try {
    const { statusCode, body } = await request(url, { dispatcher: toOwnProcess, signal: AbortSignal.timeout(2_000) });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
};
