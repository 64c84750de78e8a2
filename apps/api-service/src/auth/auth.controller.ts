import { api } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Controller } from '@nestjs/common';

@Controller()
export class AuthController {
  /** Reached only with the right token: the token guard refuses every other request, and answers this one from its headers. */
  @Route(api.checkToken)
  authenticate(): void {
    return;
  }
}
