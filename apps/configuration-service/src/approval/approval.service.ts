import { Injectable } from '@nestjs/common';
import { type Page, pageOf, type PageRequest } from '../paging/page';
import { OpenItemsOfServices } from '../view/open-items';
import { type ServicePlace } from '../view/service-updates';
import { type Approval } from './approval.dto';
import { ApprovalNotFound, OpenApprovalNotFound } from './approval.errors';

/** Releases that wait for somebody's decision, in the view only. */
@Injectable()
export class ApprovalService {
  constructor(private readonly items: OpenItemsOfServices) {}

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async list(place: ServicePlace, page: PageRequest): Promise<Page<Approval>> {
    return pageOf(await this.items.list(place, 'openApprovals'), page);
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async open(place: ServicePlace, approval: Approval): Promise<void> {
    await this.items.open(place, 'openApprovals', approval);
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound, ApprovalNotFound */
  async get(place: ServicePlace, eventId: string): Promise<Approval> {
    const approvals = await this.items.list(place, 'openApprovals');
    const found = approvals.find((approval) => approval['eventId'] === eventId);
    if (found === undefined) {
      throw new ApprovalNotFound();
    }
    return found;
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound, OpenApprovalNotFound */
  async close(place: ServicePlace, eventId: string): Promise<void> {
    if (!(await this.items.close(place, 'openApprovals', 'eventId', eventId))) {
      throw new OpenApprovalNotFound();
    }
  }
}
