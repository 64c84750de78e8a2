import { type Slo } from '@keptn/event-models';
import { aggregate } from './aggregate';
import { type EarlierResult } from './earlier-results';

/** Most evaluations are compared with some dozens of values; more make room for themselves. */
const EXPECTED_VALUES = 128;

/** Used again for each base, since thousands are computed in a second. */
let found = new Float64Array(EXPECTED_VALUES);

/**
 * What a value of an indicator is compared with.
 *
 * @param compared the earlier results that count
 * @returns undefined when none of them has a value of the indicator
 */
export function baseOf(
  sli: string,
  compared: readonly EarlierResult[],
  by: Slo['comparison']['aggregate'],
): number | undefined {
  let count = 0;
  for (const { values } of compared) {
    const ofResult = values.get(sli);
    if (ofResult === undefined) continue;
    if (count + ofResult.length > found.length) found = enlarged(count + ofResult.length);
    for (const value of ofResult) found[count++] = value;
  }
  return count === 0 ? undefined : aggregate(found.subarray(0, count), by);
}

function enlarged(length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * length);
  larger.set(found);
  return larger;
}
