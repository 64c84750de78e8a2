import { Unauthenticated } from '@keptn/service-kit';

export class WrongToken extends Unauthenticated {
  constructor() {
    super('this token is not right; `keptn-api-token` of the secret `keptn-api-token`, or the file `token`, holds it');
  }
}

export class WrongPassword extends Unauthenticated {
  constructor() {
    super('user or password is wrong; `keptn configure bridge` sets them');
  }
}

export class NotSignedIn extends Unauthenticated {
  constructor() {
    super('nobody is signed in: sign in at /bridge/');
  }
}
