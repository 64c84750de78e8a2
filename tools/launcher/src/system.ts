import { type Database, NO_DATABASE, openDatabase } from './database';
import { DataFolder } from './data-folder';
import { requireFreePorts } from './ports';
import { type LogTarget, ServiceProcess } from './service-process';
import { type LauncherSettings, schemeOf } from './settings';
import { needsDatabase, planService, type ServiceName, type ServicePlan } from './topology';

export interface SystemOptions {
  readonly settings: LauncherSettings;
  readonly services: readonly ServiceName[];
  /** Folder of the production builds. */
  readonly dist: string;
  readonly logTo: 'files' | 'console';
  readonly waitFor: '/ready' | '/health';
  /** Whether the embedded store of another launcher on the same data folder may be used. */
  readonly sharesDatabase: boolean;
  readonly onRestart: (service: string, hint: string) => void;
}

/** The services of one machine and the database that they share. */
export class System {
  private constructor(
    readonly token: string,
    readonly folder: DataFolder,
    readonly database: Database,
    readonly plans: readonly ServicePlan[],
    private readonly processes: readonly ServiceProcess[],
  ) {}

  /** Checks what can be checked, then prepares everything that the services need. @throws StartFailure */
  static async prepare({
    settings,
    services,
    dist,
    logTo,
    waitFor,
    sharesDatabase,
    onRestart,
  }: SystemOptions): Promise<System> {
    const folder = await DataFolder.open(settings.KEPTN_DATA_DIR);
    const token = settings.KEPTN_API_TOKEN ?? (await folder.token());
    const plansFor = (mongodbUri: string): ServicePlan[] =>
      services.map((service) =>
        planService(service, dist, {
          firstPort: settings.KEPTN_PORT,
          host: settings.HOST,
          gatewayScheme: schemeOf(settings),
          token,
          dataFolder: folder.path,
          mongodbUri,
          logLevel: settings.LOG_LEVEL,
        }),
      );
    await requireFreePorts(plansFor(''));
    const database = services.some(needsDatabase)
      ? await openDatabase(settings.MONGODB_URI, folder, sharesDatabase)
      : NO_DATABASE;
    const plans = plansFor(database.uri);
    const log: LogTarget = logTo === 'files' ? { kind: 'file', folder } : { kind: 'console' };
    const processes = plans.map((plan) => new ServiceProcess({ plan, log, waitFor, onRestart }));
    return new System(token, folder, database, plans, processes);
  }

  /** Starts all services at once and waits until each is ready. @throws StartFailure */
  async start(): Promise<void> {
    await Promise.all(this.processes.map((service) => service.start()));
  }

  /**
   * Ends the gateway, which finishes what clients have asked, then the services behind it, then the database: none loses what
   * it needs while it finishes.
   */
  async stop(): Promise<void> {
    const isDoor = ({ name }: ServiceProcess): boolean => name === 'api-gateway';
    await Promise.all(this.processes.filter(isDoor).map((service) => service.stop()));
    await Promise.all(this.processes.map((service) => service.stop()));
    await this.database.close();
  }

  /** Starts all services anew, as after a new build. @throws StartFailure */
  async renew(): Promise<void> {
    await Promise.all(this.processes.map((service) => service.renew()));
  }
}
