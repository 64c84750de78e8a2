import { BadRequest, Conflict, NotFound, ServiceError } from '@keptn/service-kit';

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

/** Asked for before anything is done, so that no project is without the upstream that its owner counts on. */
export class UpstreamNotSupported extends ServiceError {
  override readonly status = 501;

  constructor() {
    super('upstream repositories are not supported yet: leave gitUser, gitToken and gitRemoteURI out');
  }
}

/** Names are identities here: branches, folders and events carry them. */
export class NameMismatch extends BadRequest {
  constructor(what: string, inBody: string, inPath: string) {
    super(`the ${what} cannot be renamed: ${what} name in body is ${inBody}, but the path says ${inPath}`);
  }
}
