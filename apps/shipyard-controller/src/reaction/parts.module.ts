import { Module } from '@nestjs/common';
import { Approvals } from '../approval/approvals';
import { Delivery } from '../delivery/delivery';
import { RemediationDeadlines } from '../remediation/remediation-deadlines';
import { Remediations } from '../remediation/remediations';
import { ActiveParts } from './active-parts';

@Module({
  providers: [Delivery, Approvals, Remediations, RemediationDeadlines, ActiveParts],
  exports: [ActiveParts, RemediationDeadlines],
})
export class PartsModule {}
