import { Injectable } from '@nestjs/common';
import { type Remediation } from '../domain/read-models.dto';
import { type Page, pageOf, type PageRequest } from '../domain/page';
import { OpenItemsOfServices } from '../view/open-items';
import { type ServiceScope } from '../domain/service-scope';
import { OpenRemediationNotFound } from './remediation.errors';

/** Remediations that are under way, in the view only. */
@Injectable()
export class RemediationService {
  constructor(private readonly items: OpenItemsOfServices) {}

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async list(scope: ServiceScope, page: PageRequest): Promise<Page<Remediation>> {
    return pageOf(await this.items.list(scope, 'openRemediations'), page);
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async listOfContext(scope: ServiceScope, keptnContext: string, page: PageRequest): Promise<Page<Remediation>> {
    const remediations = await this.items.list(scope, 'openRemediations');
    return pageOf(
      remediations.filter((remediation) => remediation['keptnContext'] === keptnContext),
      page,
    );
  }

  /** @throws ProjectNotFound, StageNotFound, ServiceNotFound */
  async open(scope: ServiceScope, remediation: Remediation): Promise<void> {
    await this.items.open(scope, 'openRemediations', remediation);
  }

  /** Closes all of a context. @throws ProjectNotFound, StageNotFound, ServiceNotFound, OpenRemediationNotFound */
  async close(scope: ServiceScope, keptnContext: string): Promise<void> {
    if (!(await this.items.close(scope, 'openRemediations', 'keptnContext', keptnContext))) {
      throw new OpenRemediationNotFound();
    }
  }
}
