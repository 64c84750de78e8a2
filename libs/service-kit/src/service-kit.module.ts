import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { type Logger } from 'pino';
import { KnownFailures } from './errors/known-failures';
import { HealthController } from './health/health.controller';
import { Readiness } from './health/readiness';
import { MetricsController } from './metrics/metrics.controller';
import { Metrics } from './metrics/metrics';

/** Injection token of the service's typed settings. */
export const SETTINGS = Symbol('SETTINGS');

/** Injection token of the service's pino logger. */
export const LOGGER = Symbol('LOGGER');

interface ServiceParts {
  readonly settings: object;
  readonly logger: Logger;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly failures: KnownFailures;
}

/** Gives every module of a service its settings, logger, readiness, metrics and known failures. */
@Global()
@Module({})
export class ServiceKitModule {
  static around(
    service: DynamicModule | Type,
    { settings, logger, readiness, metrics, failures }: ServiceParts,
  ): DynamicModule {
    return {
      module: ServiceKitModule,
      imports: [service],
      controllers: [HealthController, MetricsController],
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: LOGGER, useValue: logger },
        { provide: Readiness, useValue: readiness },
        { provide: Metrics, useValue: metrics },
        { provide: KnownFailures, useValue: failures },
      ],
      exports: [SETTINGS, LOGGER, Readiness, Metrics, KnownFailures],
    };
  }
}
