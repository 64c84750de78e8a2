import { BadRequest } from '@keptn/service-kit';

export class NothingToUpdate extends BadRequest {
  constructor() {
    super('Project not updated as Git credentials were missing', { reason: 'NOTHING_TO_UPDATE' });
  }
}
