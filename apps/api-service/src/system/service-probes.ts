import { type SystemState } from '@keptn/api-models';
import { type CatalogService, SERVICES, urlVariableOf } from '@keptn/service-catalog';
import { HttpClient, Readiness, ServiceError, SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import { type ApiServiceSettings } from '../settings';

type ServiceState = SystemState['services'][number];

/** Longer than a service gives what it depends on. */
const TIMEOUT_MS = 3_000;

const OWN_NAME = 'api-service';

const failure = z.object({ message: z.string() });

interface Probe {
  readonly service: CatalogService;
  readonly http: HttpClient;
}

/** Asks every service with an API whose URL is among the settings whether it is ready. */
@Injectable()
export class ServiceProbes implements OnApplicationShutdown {
  private readonly probes: readonly Probe[];

  constructor(
    @Inject(SETTINGS) settings: ApiServiceSettings,
    private readonly readiness: Readiness,
  ) {
    const urls: Readonly<Record<string, unknown>> = settings;
    this.probes = SERVICES.filter(({ apiPath }) => apiPath !== undefined).flatMap((service) => {
      const { name } = service;
      const url = urls[urlVariableOf(name)];
      if (typeof url !== 'string') return [];
      return { service, http: new HttpClient({ name, url, timeoutMs: TIMEOUT_MS, connections: 1 }) };
    });
  }

  states(): Promise<ServiceState[]> {
    return Promise.all([this.ownState(), ...this.probes.map(stateOf)]);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.probes.map(({ http }) => http.close()));
  }

  private async ownState(): Promise<ServiceState> {
    const { ready, checks } = await this.readiness.report();
    if (ready) return { name: OWN_NAME, state: 'ready', isOptional: false };
    const failing = Object.entries(checks).filter(([, outcome]) => outcome !== 'OK');
    const reason = failing.map(([name, why]) => `${name}: ${why}`).join('; ');
    return { name: OWN_NAME, state: 'not ready', reason, isOptional: false };
  }
}

async function stateOf({ service: { name, isOptional = false }, http }: Probe): Promise<ServiceState> {
  try {
    const { status, body } = await http.send({ path: '/ready' });
    if (status === 200) return { name, state: 'ready', isOptional };
    return { name, state: 'not ready', reason: reasonIn(body) ?? `it answered ${status}`, isOptional };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { name, state: 'unreachable', reason: error.message, isOptional };
  }
}

function reasonIn(body: string): string | undefined {
  try {
    return failure.safeParse(JSON.parse(body)).data?.message;
  } catch {
    return undefined;
  }
}
