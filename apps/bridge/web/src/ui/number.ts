/** Digits that tell figures apart without the noise of binary fractions. */
const SHOWN_DIGITS = 6;

/** All that a number has. */
const ALL_DIGITS = 17;

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 });

/**
 * A number for people. Only its fraction is cut.
 *
 * @param beside what it is compared with: shown in the same way, a number that is not the same never looks the same
 */
export function shownNumber(value: number, beside: readonly number[] = []): string {
  let digits = SHOWN_DIGITS;
  const looksLike = (other: number): boolean => other !== value && written(other, digits) === written(value, digits);
  while (digits < ALL_DIGITS && beside.some(looksLike)) digits += 1;
  return written(value, digits);
}

function written(value: number, digits: number): string {
  if (Number.isInteger(value)) return String(value);
  const ofInteger = String(Math.trunc(Math.abs(value))).length;
  return String(Number(value.toPrecision(Math.max(digits, ofInteger))));
}

/** For cells of a few letters, e.g. `1.235M`. */
export const shortNumber = (value: number): string => compact.format(value);

/** @param change in percent, e.g. `+10 %` */
export const shownChange = (change: number): string => `${change > 0 ? '+' : ''}${Number(change.toFixed(1))} %`;
