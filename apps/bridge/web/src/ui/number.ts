/** Digits that tell figures apart without the noise of binary fractions. */
const SHOWN_DIGITS = 6;

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 });

export const shownNumber = (value: number): string =>
  String(Number.isInteger(value) ? value : Number(value.toPrecision(SHOWN_DIGITS)));

/** For cells of a few letters, e.g. `1.235M`. */
export const shortNumber = (value: number): string => compact.format(value);

/** @param change in percent, e.g. `+10 %` */
export const shownChange = (change: number): string => `${change > 0 ? '+' : ''}${Number(change.toFixed(1))} %`;
