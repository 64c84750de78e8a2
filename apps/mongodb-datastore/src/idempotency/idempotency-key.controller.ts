import { ApiErrors, ApiInternalOperation } from '@keptn/service-kit';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { IdempotencyKeys } from './idempotency-keys';

const keyUse = z
  .object({
    key: z.string().min(1).max(255).meta({ description: 'The `Idempotency-Key` of a request', example: 'build-4711' }),
    fingerprint: z.string().min(1).max(128).meta({ description: 'Tells the request from others', example: '9f86d081' }),
  })
  .meta({ id: 'IdempotencyKeyUse' });

const firstUse = z
  .object({
    fingerprint: z.string().meta({ description: 'Of the request that came first with the key', example: '9f86d081' }),
    seed: z.string().meta({
      description: 'From which the ids of what that request makes are derived',
      example: '0a1c2f0e-1f8e-4c62-9d36-0d5b3f0a9d11',
    }),
    time: z.iso.datetime().meta({ description: 'When it came', example: '2020-11-23T10:15:30.123Z' }),
  })
  .meta({ id: 'IdempotencyKeyFirstUse' });

@ApiTags('Events')
@Controller('idempotency-key')
export class IdempotencyKeyController {
  constructor(private readonly keys: IdempotencyKeys) {}

  @Post()
  @HttpCode(200)
  @ApiInternalOperation({
    summary: 'Claim an Idempotency-Key',
    description:
      'Of all requests with the same key within 24 hours the first one counts, whichever replica it reached.',
  })
  @ApiResponse({
    status: 200,
    description: 'The first use of the key, which may be this one',
    standardSchema: firstUse,
  })
  @ApiErrors({ 503: 'The database cannot be reached' })
  async claim(
    @Body({ schema: keyUse }) { key, fingerprint }: z.infer<typeof keyUse>,
  ): Promise<z.infer<typeof firstUse>> {
    const { fingerprint: first, seed, firstUse: at } = await this.keys.claim(key, fingerprint);
    return { fingerprint: first, seed, time: at.toISOString() };
  }
}
