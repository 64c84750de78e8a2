import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { type CatalogService, SERVICES, urlVariableOf } from '@keptn/service-catalog';
import { schemeOf, type LauncherSettings } from './settings';

/** How long requests in flight may take after Ctrl-C; the whole system has ended within ten seconds. */
const SHUTDOWN_TIMEOUT_MS = 3_000;

const LOCAL_ADDRESS = '127.0.0.1';

/** For services whose work nobody else can take over. Each renewal of a lease wakes a system at rest. */
const LONE = { ONLY_REPLICA: 'true', DISTRIBUTION_LEASE_MS: '300000', READER_LEASE_MS: '300000' };

export interface SystemFacts {
  readonly settings: LauncherSettings;
  readonly token: string;
  readonly dataFolder: string;
  /** Empty when no service of the plan needs it. */
  readonly mongodbUri: string;
  /** Nobody else uses the database. */
  readonly ownsDatabase: boolean;
  /** What the person who starts the system has set. */
  readonly given: Readonly<Record<string, string>>;
}

/** One service and everything that it is started with. */
export interface ServicePlan {
  readonly name: string;
  readonly port: number;
  /** Where other processes of this machine reach it. */
  readonly url: string;
  /** Its production build. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
}

const isPublic = ({ name }: CatalogService): boolean => name === 'api-gateway';

/**
 * How a service runs on one machine together with the others. What the person has set goes before everything but ports.
 *
 * @param programs folder of the builds of services
 */
export function planService(service: CatalogService, programs: string, facts: SystemFacts): ServicePlan {
  const { settings, given } = facts;
  const port = settings.KEPTN_PORT + service.portOffset;
  return {
    name: service.name,
    port,
    url: localUrl(service, settings),
    script: join(programs, 'apps', service.name, 'main.js'),
    environment: {
      SHUTDOWN_TIMEOUT_MS: String(SHUTDOWN_TIMEOUT_MS),
      ...localUrls(settings),
      ...(facts.ownsDatabase && LONE),
      ...given,
      HOST: isPublic(service) ? settings.HOST : LOCAL_ADDRESS,
      PORT: String(port),
      KEPTN_API_TOKEN: facts.token,
      KEPTN_DATA_DIR: facts.dataFolder,
      MONGODB_URI: facts.mongodbUri,
      DECLARED_SUBSCRIPTIONS: declaredSubscriptions(settings, given['DECLARED_SUBSCRIPTIONS']),
    },
  };
}

/** A service that is served alone listens where the person wants it. */
export function planAlone(service: CatalogService, programs: string, facts: SystemFacts): ServicePlan {
  const plan = planService(service, programs, facts);
  const { PORT, HOST } = facts.given;
  const port = PORT === undefined ? plan.port : Number(PORT);
  return {
    ...plan,
    port,
    url: plan.url.replace(/\/\/.*$/, `//${reachable(HOST ?? plan.environment['HOST'] ?? '')}:${port}`),
    environment: {
      ...plan.environment,
      PORT: String(port),
      ...(HOST !== undefined && { HOST }),
    },
  };
}

const localUrl = (service: CatalogService, settings: LauncherSettings): string => {
  const port = settings.KEPTN_PORT + service.portOffset;
  return isPublic(service)
    ? `${schemeOf(settings)}://${reachable(settings.HOST)}:${port}`
    : `http://${LOCAL_ADDRESS}:${port}`;
};

/** Who listens at all addresses is there at the local one as well. */
const ALL_ADDRESSES: ReadonlySet<string> = new Set(['', '0.0.0.0', '::']);

/** How programs of this machine write the host of somebody who listens at an address. */
export function reachable(address: string): string {
  if (ALL_ADDRESSES.has(address)) return LOCAL_ADDRESS;
  return isIPv6(address) ? `[${address}]` : address;
}

/** Another program may do the work of a service that is left out, at its port; of a service without an API nobody asks anything. */
const localUrls = (settings: LauncherSettings): Record<string, string> =>
  Object.fromEntries(
    SERVICES.filter(({ name, apiPath }) => apiPath !== undefined || !settings.KEPTN_WITHOUT.includes(name)).map(
      (service) => [urlVariableOf(service.name), localUrl(service, settings)],
    ),
  );

/** The services that run here and receive events, and what the person has declared. */
const declaredSubscriptions = (settings: LauncherSettings, given = ''): string => {
  const own = SERVICES.filter(({ name }) => !settings.KEPTN_WITHOUT.includes(name)).flatMap((service) => {
    const { name, receivesEvents } = service;
    if (receivesEvents === undefined) return [];
    const { path, options = [] } = receivesEvents;
    return [[`${name}=${localUrl(service, settings)}${path}`, ...options].join(';')];
  });
  return [...own, given].filter((declaration) => declaration !== '').join(',');
};
