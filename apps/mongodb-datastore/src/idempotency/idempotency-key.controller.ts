import { type AnswerOf, type BodyOf, eventLogApi } from '@keptn/api-models';
import { Route } from '@keptn/service-kit';
import { Body, Controller } from '@nestjs/common';
import { IdempotencyKeys } from './idempotency-keys';

const { claimIdempotencyKey } = eventLogApi;

@Controller()
export class IdempotencyKeyController {
  constructor(private readonly keys: IdempotencyKeys) {}

  @Route(claimIdempotencyKey)
  async claim(
    @Body({ schema: claimIdempotencyKey.body }) { key, fingerprint }: BodyOf<typeof claimIdempotencyKey>,
  ): Promise<AnswerOf<typeof claimIdempotencyKey>> {
    const { fingerprint: first, seed, firstUse: at } = await this.keys.claim(key, fingerprint);
    return { fingerprint: first, seed, time: at.toISOString() };
  }
}
