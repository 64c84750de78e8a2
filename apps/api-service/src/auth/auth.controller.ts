import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

@ApiTags('Authentication')
@Controller('v1/auth')
export class AuthController {
  /** Reached only with the right token: the token guard refuses every other request, and answers this one from its headers. */
  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Check the API token', description: 'The gateway asks this for every request.' })
  @ApiResponse({ status: 200, description: 'The token is right; no body' })
  authenticate(): void {
    return;
  }
}
