import { BadRequest, Conflict, NotFound } from '@keptn/service-kit';

/** Clients look for this text (contract 4.6). */
export class ProjectNotFound extends NotFound {
  constructor() {
    super('Project not found', { reason: 'PROJECT_NOT_FOUND' });
  }
}

export class ProjectExists extends Conflict {
  constructor() {
    super('Project already exists', { reason: 'PROJECT_EXISTS' });
  }
}

/** The shipyard of a request cannot be used; the message names line and field. */
export class ShipyardRefused extends BadRequest {
  constructor(message: string) {
    super(message, { reason: 'INVALID_SHIPYARD' });
  }
}

/** Clients look for this text (contract 4.7). */
export class StageNotFound extends NotFound {
  constructor() {
    super('Stage not found', { reason: 'STAGE_NOT_FOUND' });
  }
}

export class StageExists extends Conflict {
  constructor() {
    super('Stage already exists', { reason: 'STAGE_EXISTS' });
  }
}

/** Clients look for this text (contract 4.7). */
export class ServiceNotFound extends NotFound {
  constructor() {
    super('Service not found', { reason: 'SERVICE_NOT_FOUND' });
  }
}

export class ServiceExists extends Conflict {
  constructor() {
    super('Service already exists', { reason: 'SERVICE_EXISTS' });
  }
}

/** A service is a folder on the branches of stages, so it needs at least one stage. */
export class NoStages extends Conflict {
  constructor(project: string) {
    super(`project ${project} has no stages yet: create a stage first`, { reason: 'NO_STAGES' });
  }
}

/** Names are identities here: branches, folders and events carry them. */
export class NameMismatch extends BadRequest {
  constructor(what: string, inBody: string, inPath: string) {
    super(`the ${what} cannot be renamed: ${what} name in body is ${inBody}, but the path says ${inPath}`, {
      reason: 'NAME_MISMATCH',
    });
  }
}
