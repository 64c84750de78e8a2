import services from './services.json';

/** A service of the control plane, as the launcher, the gateway, the Swagger portal, the images and the tests know it. */
export interface CatalogService {
  /** Name of its folder under `apps`, of its image, and of its Kubernetes Service. */
  readonly name: string;
  /** One line for people. */
  readonly description: string;
  /** How far its port is from the gateway's under `npm start`. */
  readonly portOffset: number;
  /** Services of the same group share a process under `npm start`. */
  readonly processGroup: string;
  /** Where the gateway serves its API; without one it has none to be shown. */
  readonly apiPath?: string;
  readonly needsDatabase?: boolean;
  /** Where event-broker delivers events to it; it gets none when absent. */
  readonly receivesEvents?: {
    readonly path: string;
    /** As in DECLARED_SUBSCRIPTIONS. */
    readonly options?: readonly string[];
  };
  /** Whether clients can do nothing without it: then the gateway is not ready either. */
  readonly isEssential?: boolean;
  /** Whether `npm start` may leave it out, because another program does its work. */
  readonly isOptional?: boolean;
}

/** Every service, in the order of their ports. `npx nx generate` adds to services.json. */
export const SERVICES: readonly CatalogService[] = services;

export type ServiceWithApi = CatalogService & { readonly apiPath: string };

/** The services that have an API behind the gateway, those first whose path is longest: `/api` is in front of all others. */
export const SERVICES_WITH_API: readonly ServiceWithApi[] = SERVICES.filter(
  (service): service is ServiceWithApi => service.apiPath !== undefined,
).sort((one, other) => other.apiPath.length - one.apiPath.length);

/** The variable that names a service's address, e.g. `API_SERVICE_URL`. */
export const urlVariableOf = (service: string): string => `${service.toUpperCase().replaceAll('-', '_')}_URL`;

/** Where a service is in a cluster, unless its variable says otherwise. */
export const defaultUrlOf = (service: string): string => `http://${service}:8080`;
