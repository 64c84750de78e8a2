import { type IndicatorValue } from '@keptn/quality-gate';
import { UnusableCredentials } from './secret-file';
import { UnusableSliFile } from './sli-files';
import { noValues, type SliRequest, withoutTimeFrame } from './sli-provider';
import { type TimeFrame, timeFrameOf } from './time-frame';

/**
 * The values of a time frame. Without one, or where a file that is needed for them cannot be used, no indicator has a
 * value, and each says why.
 */
export async function valuesOrReason(
  request: SliRequest,
  read: (frame: TimeFrame) => Promise<readonly IndicatorValue[]>,
): Promise<readonly IndicatorValue[]> {
  const frame = timeFrameOf(request);
  if (frame === undefined) return withoutTimeFrame(request);
  try {
    return await read(frame);
  } catch (error) {
    if (error instanceof UnusableSliFile || error instanceof UnusableCredentials) {
      return noValues(request, error.message);
    }
    throw error;
  }
}
