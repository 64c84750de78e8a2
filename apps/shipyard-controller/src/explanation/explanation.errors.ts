import { NotFound } from '@keptn/service-kit';

export class ContextNotFound extends NotFound {
  constructor(keptnContext: string) {
    super(`no event of Keptn context ${keptnContext} was found`, { reason: 'CONTEXT_NOT_FOUND' });
  }
}
