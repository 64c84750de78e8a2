import { Module } from '@nestjs/common';
import { Approvals } from '../approval/approvals';
import { Delivery } from '../delivery/delivery';
import { Execution } from '../execution/execution';
import { OpenElsewhere } from '../remediation/open-elsewhere';
import { Remediations } from '../remediation/remediations';
import { ActiveParts } from './active-parts';
import { ContextDeadlines } from './context-deadlines';
import { DecisionMetrics } from './decision-metrics';

@Module({
  providers: [
    Delivery,
    Approvals,
    Remediations,
    Execution,
    ActiveParts,
    ContextDeadlines,
    DecisionMetrics,
    OpenElsewhere,
  ],
  exports: [ActiveParts, ContextDeadlines, DecisionMetrics],
})
export class PartsModule {}
