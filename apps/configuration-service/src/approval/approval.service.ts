import { Injectable } from '@nestjs/common';
import { type Approval } from '../domain/read-models.dto';
import { type Page, pageOf, type PageRequest } from '../domain/page';
import { OpenItemsOfServices } from '../view/open-items';
import { type ServiceScope } from '../domain/service-scope';
import { ApprovalNotFound, OpenApprovalNotFound } from './approval.errors';

/** Releases that wait for somebody's decision, in the view only. */
@Injectable()
export class ApprovalService {
  constructor(private readonly items: OpenItemsOfServices) {}

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async list(scope: ServiceScope, page: PageRequest): Promise<Page<Approval>> {
    return pageOf(await this.items.list(scope, 'openApprovals'), page);
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async open(scope: ServiceScope, approval: Approval): Promise<void> {
    await this.items.open(scope, 'openApprovals', approval);
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound, ApprovalNotFound */
  async get(scope: ServiceScope, eventId: string): Promise<Approval> {
    const approvals = await this.items.list(scope, 'openApprovals');
    const found = approvals.find((approval) => approval['eventId'] === eventId);
    if (found === undefined) {
      throw new ApprovalNotFound();
    }
    return found;
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound, OpenApprovalNotFound */
  async close(scope: ServiceScope, eventId: string): Promise<void> {
    if (!(await this.items.close(scope, 'openApprovals', 'eventId', eventId))) {
      throw new OpenApprovalNotFound();
    }
  }
}
