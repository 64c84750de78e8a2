import { Injectable } from '@nestjs/common';
import { type Page, pageOf, type PageRequest } from '../paging/page';
import { OpenItemsOfServices } from '../view/open-items';
import { type ServicePlace } from '../view/service-updates';
import { type Remediation } from './remediation.dto';
import { OpenRemediationNotFound } from './remediation.errors';

/** Remediations that are under way, in the view only. */
@Injectable()
export class RemediationService {
  constructor(private readonly items: OpenItemsOfServices) {}

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async list(place: ServicePlace, page: PageRequest): Promise<Page<Remediation>> {
    return pageOf(await this.items.list(place, 'openRemediations'), page);
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async listOfContext(place: ServicePlace, keptnContext: string, page: PageRequest): Promise<Page<Remediation>> {
    const remediations = await this.items.list(place, 'openRemediations');
    return pageOf(
      remediations.filter((remediation) => remediation['keptnContext'] === keptnContext),
      page,
    );
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async open(place: ServicePlace, remediation: Remediation): Promise<void> {
    await this.items.open(place, 'openRemediations', remediation);
  }

  /** Closes all of a context. @throws ProjectNotFound, StageNotFound, ServiceNotFound, OpenRemediationNotFound */
  async close(place: ServicePlace, keptnContext: string): Promise<void> {
    if (!(await this.items.close(place, 'openRemediations', 'keptnContext', keptnContext))) {
      throw new OpenRemediationNotFound();
    }
  }
}
