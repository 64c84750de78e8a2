import { Conflict, NotFound } from '@keptn/service-kit';

/** Clients look for this text (contract 4.7). */
export class StageNotFound extends NotFound {
  constructor() {
    super('Stage not found');
  }
}

export class StageExists extends Conflict {
  constructor() {
    super('Stage already exists');
  }
}
