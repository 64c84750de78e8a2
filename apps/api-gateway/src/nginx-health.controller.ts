import { Controller, Get, Header } from '@nestjs/common';

/** What probes of the original's gateway ask for, with its text (contract 1.2). */
@Controller()
export class NginxHealthController {
  @Get('nginx-health')
  @Header('Content-Type', 'text/plain')
  health(): string {
    return 'OK\n';
  }
}
