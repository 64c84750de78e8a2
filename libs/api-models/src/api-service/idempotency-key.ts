/** Header of requests of which a repeat counts once. */
export const idempotencyKey = {
  'Idempotency-Key': {
    description: 'A request that is repeated with the same key within 24 hours counts once; 1 to 255 characters',
    pattern: '^.{1,255}$',
    example: 'build-4711',
  },
} as const;
