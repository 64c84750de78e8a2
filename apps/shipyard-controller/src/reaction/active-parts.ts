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
  readonly all: readonly Part[];
  /** Types of the events that one of them reacts to. */
  readonly types: ReadonlySet<string>;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    delivery: Delivery,
    approvals: Approvals,
    remediations: Remediations,
    execution: Execution,
  ) {
    this.all = [
      ...(settings.DELIVERY ? [delivery] : []),
      ...(settings.APPROVALS ? [approvals] : []),
      ...(settings.REMEDIATION ? [remediations] : []),
      // Reacts to nothing unless a subscription reports outcomes.
      execution,
    ];
    this.types = new Set(this.all.flatMap(({ types }) => [...types]));
  }

  get waiting(): readonly Waiting[] {
    return this.all.flatMap(({ waiting }) => waiting ?? []);
  }

  concernedBy(type: string): readonly Part[] {
    return this.all.filter(({ types }) => types.has(type));
  }
}
