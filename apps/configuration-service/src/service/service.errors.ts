import { Conflict, NotFound } from '@keptn/service-kit';

/** Clients look for this text (contract 4.7). */
export class ServiceNotFound extends NotFound {
  constructor() {
    super('Service not found');
  }
}

export class ServiceExists extends Conflict {
  constructor() {
    super('Service already exists');
  }
}

/** A service lives in the branches of stages: without one there is no place for it. */
export class NoStages extends Conflict {
  constructor(project: string) {
    super(`project ${project} has no stages yet: create a stage first`);
  }
}
