import { z } from 'zod';

/** A time as clients of Keptn parse it: as a signed integer of 64 bits. */
export const nanosecondsText = z.string().meta({
  description: 'Nanoseconds since 1970-01-01T00:00:00Z, as decimal text',
  example: '1606138213123000000',
});
