import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ServiceUnavailable } from '../errors/service-error';
import { Readiness, type ReadinessReport } from './readiness';

/** Probes. The texts of `/health` are those of the original's health endpoint (contract 1.3). */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** Liveness: the process answers. A failing dependency is no reason to restart it. */
  @Get('health')
  health(): { status: 'OK' } {
    return { status: 'OK' };
  }

  /** Readiness: everything that the service needs is there. */
  @Get('ready')
  async ready(): Promise<ReadinessReport> {
    const report = await this.readiness.report();
    if (!report.ready) {
      const failing = Object.entries(report.checks).filter(([, outcome]) => outcome !== 'OK');
      throw new ServiceUnavailable(`not ready: ${failing.map(([name, reason]) => `${name}: ${reason}`).join('; ')}`);
    }
    return report;
  }
}
