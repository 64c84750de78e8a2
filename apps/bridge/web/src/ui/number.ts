const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 });

/** For cells of a few letters, e.g. `1.235M`. */
export const shortNumber = (value: number): string => compact.format(value);

/** @param change in percent, e.g. `+10 %` */
export const shownChange = (change: number): string => `${change > 0 ? '+' : ''}${Number(change.toFixed(1))} %`;
