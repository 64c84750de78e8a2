import { BadRequest, Conflict, NotFound } from '@keptn/service-kit';

/** Clients look for this text (contract 4.6). */
export class ProjectNotFound extends NotFound {
  constructor() {
    super('Project not found');
  }
}

export class ProjectExists extends Conflict {
  constructor() {
    super('Project already exists');
  }
}

/** The shipyard of a request cannot be used; the message names line and field. */
export class ShipyardRefused extends BadRequest {}

export class NothingToUpdate extends BadRequest {
  constructor() {
    super('Project not updated as Git credentials were missing');
  }
}

/** Names are identities here: branches, folders and events carry them. */
export class NameMismatch extends BadRequest {
  constructor(what: string, inBody: string, inPath: string) {
    super(`the ${what} cannot be renamed: ${what} name in body is ${inBody}, but the path says ${inPath}`);
  }
}
