/** A service in the hands of a process that runs several. */
export interface HostedService {
  readonly name: string;
  /** The environment variables that it reads. */
  readonly variables: readonly string[];
  /**
   * @param environment the service's own, not that of the process
   * @param logFile descriptor of the file that its log lines go to
   * @returns what ends it, in bounded time, and says whether all of it has ended
   * @throws the reason that is in its log as well
   */
  start(environment: Readonly<Record<string, string | undefined>>, logFile: number): Promise<() => Promise<boolean>>;
}

export type ServiceHost = (service: HostedService) => void;

/** Each service is bundled with its own copy of this module; what they share with their host is the global object. */
const HOST = Symbol.for('keptn.service-host');

/** Has every service that is loaded from now on handed to `host` instead of being run by itself. */
export function hostServices(host: ServiceHost): void {
  Reflect.set(globalThis, HOST, host);
}

/** The host of this process, if it has one. */
export function serviceHost(): ServiceHost | undefined {
  const host: unknown = Reflect.get(globalThis, HOST);
  return typeof host === 'function' ? (host as ServiceHost) : undefined;
}
