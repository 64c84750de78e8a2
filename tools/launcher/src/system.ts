import { join } from 'node:path';
import { type CatalogService, SERVICES } from '@keptn/service-catalog';
import { type Database, NO_DATABASE, openDatabase } from './database';
import { DataFolder } from './data-folder';
import { HostProcess } from './host-process';
import { type LogTarget } from './log-target';
import { afterOrphans, forgetProcesses, rememberProcesses } from './orphans';
import { requireFreePorts } from './ports';
import { LAUNCHER_VARIABLES, type LauncherSettings } from './settings';
import { planAlone, planService, type ServicePlan } from './topology';
import { warnOfUnread } from './unread-variables';

/** How long a service may take, after its requests in flight, to release everything; in milliseconds. */
const RELEASE_TIMEOUT_MS = 1_500;

export interface SystemOptions {
  readonly settings: LauncherSettings;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The one service that runs here; without it all do. */
  readonly alone: CatalogService | undefined;
  /** Folder of the launcher's own build, beside which are those of the services. */
  readonly launcher: string;
  readonly onRestart: (service: string, hint: string) => void;
}

/** The services of one machine and the database that they share. */
export class System {
  private constructor(
    readonly token: string,
    readonly folder: DataFolder,
    readonly database: Database,
    readonly plans: readonly ServicePlan[],
    private readonly processes: readonly HostProcess[],
    private readonly given: Readonly<Record<string, string>>,
    private readonly ownVariables: readonly string[],
  ) {}

  /** Checks what can be checked, then prepares everything that the services need. @throws StartFailure */
  static async prepare({ settings, environment, alone, launcher, onRestart }: SystemOptions): Promise<System> {
    const folder = await DataFolder.open(settings.KEPTN_DATA_DIR);
    const token = settings.KEPTN_API_TOKEN ?? (await folder.token());
    const services =
      alone === undefined ? SERVICES.filter(({ name }) => !settings.KEPTN_WITHOUT.includes(name)) : [alone];
    const given = Object.fromEntries(
      Object.entries(environment).filter(
        (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
      ),
    );
    const plan = alone === undefined ? planService : planAlone;
    // A service that is served alone is built by itself, again and again.
    const programs = join(launcher, alone === undefined ? 'services' : '../..');
    // That of a service that is served alone may be another's as well.
    const ownsDatabase = alone === undefined && settings.MONGODB_URI === undefined;
    const plansFor = (mongodbUri: string): ServicePlan[] =>
      services.map((service) =>
        plan(service, programs, { settings, token, dataFolder: folder.path, mongodbUri, ownsDatabase, given }),
      );
    const requirePorts = (): Promise<void> => requireFreePorts(plansFor(''));
    await (alone === undefined ? afterOrphans(folder, requirePorts) : requirePorts());
    const needsDatabase = services.some((service) => service.needsDatabase === true);
    const database = needsDatabase
      ? await openDatabase(settings.MONGODB_URI, folder, alone !== undefined)
      : NO_DATABASE;
    const plans = plansFor(database.uri);
    const log: LogTarget = alone === undefined ? { kind: 'file', folder } : { kind: 'console' };
    const processes = groupsOf(services, settings).map(
      (names) =>
        new HostProcess({
          script: join(launcher, 'main.js'),
          plans: plans.filter(({ name }) => names.has(name)),
          log,
          // Alone, a service is not ready until the others are.
          waitFor: alone === undefined ? '/ready' : '/health',
          stopTimeoutMs: stopTimeoutOf(plans),
          onRestart,
        }),
    );
    const ownVariables = alone === undefined ? LAUNCHER_VARIABLES : [...LAUNCHER_VARIABLES, 'PORT'];
    return new System(token, folder, database, plans, processes, given, ownVariables);
  }

  /** Starts all services at once and waits until each is ready. @throws StartFailure */
  async start(): Promise<void> {
    await this.remember();
    await Promise.all(this.processes.map((process) => process.start()));
    await this.remember();
  }

  /** What the person has set in vain. */
  warnings(): string[] {
    const read = new Set([...this.ownVariables, ...this.processes.flatMap(({ variables }) => [...variables])]);
    const ofPort = this.isWhole && this.given['PORT'] !== undefined ? ['PORT is not used here: KEPTN_PORT is'] : [];
    return [...ofPort, ...warnOfUnread(Object.keys(this.given), read)];
  }

  /**
   * Ends the gateway, which finishes what clients have asked, then the services behind it, then the database: none loses what
   * it needs while it finishes.
   */
  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stopService('api-gateway')));
    await Promise.all(this.processes.map((process) => process.stop()));
    await this.database.close();
    if (this.isWhole) await forgetProcesses(this.folder);
  }

  /** Starts all services again, as after a new build. @throws StartFailure */
  async renew(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.renew()));
  }

  /** A service that is served alone shares the folder with others. */
  private async remember(): Promise<void> {
    const pids = this.processes.flatMap(({ pid }) => pid ?? []);
    if (this.isWhole) await rememberProcesses(this.folder, pids);
  }

  private get isWhole(): boolean {
    return !this.ownVariables.includes('PORT');
  }
}

/** The names of the services that share a process. */
const groupsOf = (services: readonly CatalogService[], { KEPTN_PROCESSES }: LauncherSettings): Set<string>[] => {
  const groups = new Map<string, Set<string>>();
  for (const { name, processGroup } of services) {
    const group = KEPTN_PROCESSES === 'separate' ? name : processGroup;
    groups.set(group, (groups.get(group) ?? new Set()).add(name));
  }
  return [...groups.values()];
};

/** Longer than what the services are told to take at most. */
const stopTimeoutOf = ([plan]: readonly ServicePlan[]): number =>
  Number(plan?.environment['SHUTDOWN_DELAY_MS'] ?? 0) +
  Number(plan?.environment['SHUTDOWN_TIMEOUT_MS'] ?? 0) +
  RELEASE_TIMEOUT_MS;
