import { type PageRequest } from '@keptn/api-models';
import { Injectable } from '@nestjs/common';
import { type Page, pageOf } from '../domain/page';
import { type ServiceScope } from '../domain/service-scope';
import { OpenItemsOfServices } from '../view/open-items';
import { type OpenItem } from '../view/view.schema';
import { ApprovalNotFound, OpenApprovalNotFound, OpenRemediationNotFound } from './open-item.errors';

/** Releases that wait for a decision; each is closed alone. */
export const APPROVALS = { items: 'openApprovals', key: 'eventId', NotOpen: OpenApprovalNotFound } as const;

/** Steps that are under way against a problem; those of a Keptn context are closed together. */
export const REMEDIATIONS = {
  items: 'openRemediations',
  key: 'keptnContext',
  NotOpen: OpenRemediationNotFound,
} as const;

type Kind = typeof APPROVALS | typeof REMEDIATIONS;

/** What is open in services, in the view only. */
@Injectable()
export class OpenItemService {
  constructor(private readonly items: OpenItemsOfServices) {}

  /**
   * @param key only those with this key of their kind
   * @throws ProjectNotFound, StageNotFound, ServiceNotFound
   */
  async list(kind: Kind, scope: ServiceScope, page: PageRequest, key?: string): Promise<Page<OpenItem>> {
    const items = await this.items.list(scope, kind.items);
    return pageOf(key === undefined ? items : items.filter((item) => item[kind.key] === key), page);
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound, ApprovalNotFound */
  async approval(scope: ServiceScope, eventId: string): Promise<OpenItem> {
    const approvals = await this.items.list(scope, APPROVALS.items);
    const found = approvals.find((approval) => approval['eventId'] === eventId);
    if (found === undefined) {
      throw new ApprovalNotFound();
    }
    return found;
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async open(kind: Kind, scope: ServiceScope, item: OpenItem): Promise<void> {
    // MongoDB would keep what is left out as null.
    const given = Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));
    await this.items.open(scope, kind.items, given);
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound, OpenApprovalNotFound, OpenRemediationNotFound */
  async close({ items, key, NotOpen }: Kind, scope: ServiceScope, value: string): Promise<void> {
    if (!(await this.items.close(scope, items, key, value))) {
      throw new NotOpen();
    }
  }
}
