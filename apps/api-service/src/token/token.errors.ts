import { Conflict, NotFound, ServiceError } from '@keptn/service-kit';

export class TokenExists extends ServiceError {
  constructor(name: string) {
    super('TOKEN_EXISTS', `there is a token with the name ${name}; choose another name, or rotate it`);
  }
}

export class TokenNotFound extends NotFound {
  constructor(name: string) {
    super(`there is no token with the name ${name}`, { reason: 'TOKEN_NOT_FOUND' });
  }
}

export class TokenRotatedMeanwhile extends Conflict {
  constructor(name: string) {
    super(`the token ${name} was rotated at the same moment; look who did before you do it again`);
  }
}
