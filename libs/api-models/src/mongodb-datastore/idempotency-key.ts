import { z } from 'zod';
import { route } from '../contract/route';

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

export const claimIdempotencyKey = route({
  method: 'POST',
  path: '/idempotency-key',
  scope: 'system:manage',
  tag: 'Events',
  summary: 'Claim an Idempotency-Key',
  description: 'Of all requests with the same key within 24 hours the first one counts, whichever replica it reached.',
  isInternal: true,
  body: keyUse,
  answers: { 200: { description: 'The first use of the key, which may be this one', body: firstUse } },
  errors: ['DATABASE_UNAVAILABLE'],
});
