import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { type FromHost, type ToHost } from './host/messages';
import { type LogTarget, lastWordsOf, openLogs, whereLogIs } from './log-target';
import { READY_TIMEOUT_MS, untilReady } from './service-readiness';
import { StartFailure } from './start-failure';
import { type ServicePlan } from './topology';

/** Pauses before the attempts to start a service again that ended by itself, in milliseconds; the last one repeats. */
const RESTART_DELAYS_MS = [200, 1_000, 5_000];

/** What a program needs to know of the machine: where programs and home are, proxies and certificates, Node's own. */
const OF_THE_MACHINE =
  /^(?:PATH|HOME|TMPDIR|TZ|LANG|LC_\w+|NODE_\w+|UV_THREADPOOL_SIZE|SSL_CERT_\w+|GIT_SSL_\w+|(?:https?|no|all)_proxy|SystemRoot|TEMP|TMP)$/i;

export interface HostProcessOptions {
  /** The launcher, whose `host` command runs services. */
  readonly script: string;
  readonly plans: readonly ServicePlan[];
  readonly log: LogTarget;
  /** `/ready` needs the services that this one needs; `/health` only this one. */
  readonly waitFor: '/ready' | '/health';
  /** A process that has not ended this long after it was asked to is killed, in milliseconds. */
  readonly stopTimeoutMs: number;
  /** Called when a service has ended by itself and will be started again. */
  readonly onRestart: (name: string, hint: string) => void;
}

/** A process with some services, each kept running until it is told to stop. */
export class HostProcess {
  /** The variables that its services read; known once they are loaded. */
  readonly variables = new Set<string>();
  private child: ChildProcess | undefined;
  private isStopping = false;
  /** Ends the pause before the next attempt to start again. */
  private pause = new AbortController();
  private readonly restarts = new Set<Promise<void>>();

  constructor(private readonly options: HostProcessOptions) {}

  /** @throws StartFailure when a service ends instead of becoming ready, or does not become ready in time */
  async start(): Promise<void> {
    const child = await this.spawn();
    try {
      await Promise.all(this.options.plans.map((plan) => this.startService(child, plan)));
    } catch (error) {
      // Those of its services that run would keep their ports from the next attempt.
      await killed(child);
      throw error;
    }
    child.once('exit', () => {
      if (!this.isStopping) this.restart(this.options.plans, () => this.start());
    });
  }

  /** Ends one service, if it runs here: it finishes its requests in flight. */
  async stopService(name: string): Promise<void> {
    const { child } = this;
    if (child === undefined || hasExited(child) || !this.options.plans.some((plan) => plan.name === name)) {
      return;
    }
    this.isStopping = true;
    const stopped = new AbortController();
    const isOver = Promise.race([
      once(child, 'exit', stopped),
      reported(child, name, 'stopped', stopped.signal).catch(ignored),
      delay(this.options.stopTimeoutMs, undefined, stopped),
    ]);
    tell(child, { kind: 'stop', service: name });
    await isOver;
    stopped.abort();
  }

  /** Ends the process, finishing requests in flight; kills it when that takes too long. It is not started again then. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.pause.abort();
    const { child } = this;
    if (child !== undefined && !hasExited(child)) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), this.options.stopTimeoutMs);
      await exited;
      clearTimeout(killer);
    }
    await Promise.all(this.restarts);
  }

  /** Ends the services and starts them again, as after a new build. */
  async renew(): Promise<void> {
    await this.stop();
    this.isStopping = false;
    this.pause = new AbortController();
    await this.start();
  }

  /** The process, for whoever looks after those that a killed launcher leaves. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  private async startService(child: ChildProcess, plan: ServicePlan): Promise<void> {
    const { log, waitFor } = this.options;
    const over = new AbortController();
    let hasStarted = false;
    let hasFailed = false;
    void reported(child, plan.name, 'started', over.signal).then(() => (hasStarted = true), ignored);
    void reported(child, plan.name, 'failed', over.signal).then(() => (hasFailed = true), ignored);
    tell(child, { kind: 'start', service: plan.name, environment: plan.environment });
    const outcome = await untilReady(plan.url + waitFor, {
      hasStarted: () => hasStarted,
      hasEnded: () => hasFailed || hasExited(child) || this.isStopping,
    });
    over.abort();
    if (outcome === 'late') {
      child.kill('SIGKILL');
      const hint = whereLogIs(log, plan.name);
      throw new StartFailure(`${plan.name} did not become ready within ${READY_TIMEOUT_MS / 1000} s${hint}`);
    }
    if (outcome === 'ended') {
      throw new StartFailure(`${plan.name} ended while starting: ${await lastWordsOf(log, plan.name)}`);
    }
    void reported(child, plan.name, 'failed', this.pause.signal).then(() => {
      if (!this.isStopping) this.restart([plan], () => this.startAgain(child, plan));
    }, ignored);
  }

  /** A process that has ended meanwhile is started again as a whole. */
  private async startAgain(child: ChildProcess, plan: ServicePlan): Promise<void> {
    if (!hasExited(child)) await this.startService(child, plan);
  }

  private async spawn(): Promise<ChildProcess> {
    const { script, plans, log } = this.options;
    const logs = await openLogs(log, plans);
    // Somebody may have stopped it meanwhile, who would not know of the new process.
    if (this.isStopping) {
      await logs.close();
      throw new StartFailure(`${plans.map(({ name }) => name).join(', ')}: being stopped`);
    }
    const [ofProcess = 'inherit'] = logs.descriptors;
    // In a process group of its own, so that Ctrl-C reaches it through the launcher only, in the right order. The IPC channel
    // tells it when the launcher is gone without a word.
    const child = fork(script, ['host', ...plans.map((plan) => plan.script)], {
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => OF_THE_MACHINE.test(name))),
      execArgv: ['--enable-source-maps'],
      detached: true,
      stdio: ['ignore', ofProcess, ofProcess, 'ipc', ...logs.descriptors],
    });
    child.setMaxListeners(0);
    child.on('error', ignored);
    this.child = child;
    await logs.close();
    child.on('message', (message: FromHost) => {
      if (message.kind === 'loaded') for (const name of message.variables) this.variables.add(name);
    });
    return child;
  }

  private restart(plans: readonly ServicePlan[], start: () => Promise<void>): void {
    const restarting = this.tryUntilStarted(plans, start);
    this.restarts.add(restarting);
    void restarting.finally(() => this.restarts.delete(restarting));
  }

  private async tryUntilStarted(plans: readonly ServicePlan[], start: () => Promise<void>): Promise<void> {
    let failure: string | undefined;
    for (let attempt = 0; !this.isStopping; attempt += 1) {
      for (const { name } of plans) this.options.onRestart(name, failure ?? whereLogIs(this.options.log, name));
      const pauseMs = RESTART_DELAYS_MS[Math.min(attempt, RESTART_DELAYS_MS.length - 1)];
      await delay(pauseMs, undefined, { signal: this.pause.signal }).catch(ignored);
      try {
        await start();
        return;
      } catch (error) {
        // Such as a folder of logs that is gone, or no process to be had: that may pass.
        failure = error instanceof StartFailure ? undefined : ` (${String(error)})`;
      }
    }
  }
}

/** One that could not be started has no id. */
const hasExited = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid === undefined || exitCode !== null || signalCode !== null;

async function killed(child: ChildProcess): Promise<void> {
  if (hasExited(child)) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** A process that ends at this moment has its exit noticed elsewhere. */
const tell = (child: ChildProcess, message: ToHost): void => {
  if (child.connected) child.send(message, () => undefined);
};

/** Resolves when the host says so of a service; rejects when `signal` says that nobody waits any more, or the host has ended. */
const reported = async (
  child: ChildProcess,
  service: string,
  kind: FromHost['kind'],
  signal: AbortSignal,
): Promise<void> => {
  // A listener for each message in turn would miss those that come together.
  for await (const [message] of on(child, 'message', { signal, close: ['exit'] }) as AsyncIterable<[FromHost]>) {
    if (message.service === service && message.kind === kind) return;
  }
  throw new Error(`The host of ${service} has ended`);
};

const ignored = (): void => undefined;
