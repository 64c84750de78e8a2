import { api, type SystemState } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Controller } from '@nestjs/common';
import { SystemService } from './system.service';

@Controller()
export class SystemController {
  constructor(private readonly system: SystemService) {}

  @Route(api.getSystemState)
  read(): Promise<SystemState> {
    return this.system.read();
  }
}
