import { join } from 'node:path';

export const SERVICE_NAMES = ['mongodb-datastore', 'configuration-service', 'api-service', 'api-gateway'] as const;

export type ServiceName = (typeof SERVICE_NAMES)[number];

export const isServiceName = (name: string | undefined): name is ServiceName =>
  (SERVICE_NAMES as readonly (string | undefined)[]).includes(name);

/** How far a service's port is from the gateway's, which is KEPTN_PORT. */
const PORT_OFFSETS: Readonly<Record<ServiceName, number>> = {
  'api-gateway': 0,
  'api-service': 1,
  'configuration-service': 2,
  'mongodb-datastore': 3,
};

/** The services that keep something in MongoDB. */
const NEED_DATABASE: ReadonlySet<ServiceName> = new Set(['mongodb-datastore', 'configuration-service']);

export const needsDatabase = (service: ServiceName): boolean => NEED_DATABASE.has(service);

/** How long requests in flight may take after Ctrl-C; the whole system has ended within ten seconds. */
const SHUTDOWN_TIMEOUT_MS = 3_000;

export interface SystemSettings {
  readonly firstPort: number;
  readonly host: string;
  readonly gatewayScheme: 'http' | 'https';
  readonly token: string;
  readonly dataFolder: string;
  /** Empty when no service of the plan needs it. */
  readonly mongodbUri: string;
  readonly logLevel: string;
}

/** One service as a process of its own. */
export interface ServicePlan {
  readonly name: ServiceName;
  readonly port: number;
  /** Where other processes of this machine reach it. */
  readonly url: string;
  /** The script that plain `node` starts. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
}

const portOf = (service: ServiceName, firstPort: number): number => firstPort + PORT_OFFSETS[service];

const urlOf = (service: ServiceName, firstPort: number, scheme = 'http'): string =>
  `${scheme}://127.0.0.1:${portOf(service, firstPort)}`;

/**
 * How a service runs on one machine together with the others.
 *
 * @param service which one
 * @param dist folder of the production builds
 */
export function planService(service: ServiceName, dist: string, settings: SystemSettings): ServicePlan {
  const { firstPort } = settings;
  const isPublic = service === 'api-gateway';
  return {
    name: service,
    port: portOf(service, firstPort),
    url: urlOf(service, firstPort, isPublic ? settings.gatewayScheme : 'http'),
    script: join(dist, 'apps', service, 'main.js'),
    environment: {
      HOST: isPublic ? settings.host : '127.0.0.1',
      PORT: String(portOf(service, firstPort)),
      LOG_LEVEL: settings.logLevel,
      SHUTDOWN_TIMEOUT_MS: String(SHUTDOWN_TIMEOUT_MS),
      KEPTN_API_TOKEN: settings.token,
      KEPTN_DATA_DIR: settings.dataFolder,
      MONGODB_URI: settings.mongodbUri,
      API_SERVICE_URL: urlOf('api-service', firstPort),
      CONFIGURATION_SERVICE_URL: urlOf('configuration-service', firstPort),
      MONGODB_DATASTORE_URL: urlOf('mongodb-datastore', firstPort),
      EVENT_SUBSCRIBERS: `${urlOf('configuration-service', firstPort)}/v1/event`,
    },
  };
}
