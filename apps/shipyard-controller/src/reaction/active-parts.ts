import { SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { Approvals } from '../approval/approvals';
import { Delivery } from '../delivery/delivery';
import { Execution } from '../execution/execution';
import { Remediations } from '../remediation/remediations';
import { type Settings } from '../settings';
import { type Part, type Waiting } from '../decision/part';

/** The parts of the service that are switched on. */
@Injectable()
export class ActiveParts {
  private readonly parts: readonly Part[];

  constructor(
    @Inject(SETTINGS) settings: Settings,
    delivery: Delivery,
    approvals: Approvals,
    remediations: Remediations,
    execution: Execution,
  ) {
    this.parts = [
      ...(settings.DELIVERY ? [delivery] : []),
      ...(settings.APPROVALS ? [approvals] : []),
      ...(settings.REMEDIATION ? [remediations] : []),
      // Reacts to nothing unless a subscription reports outcomes.
      execution,
    ];
  }

  get types(): ReadonlySet<string> {
    return new Set(this.parts.flatMap(({ types }) => [...types]));
  }

  get waiting(): readonly Waiting[] {
    return this.parts.flatMap(({ waiting }) => waiting ?? []);
  }

  concernedBy(type: string): readonly Part[] {
    return this.parts.filter(({ types }) => types.has(type));
  }
}
