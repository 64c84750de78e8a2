/** @param {readonly number[]} values @param {number} share e.g. 0.99 @returns {number} the value that this share of the values does not exceed */
export function percentile(values, share) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** @param {number} value @param {number} [digits] behind the point */
export const rounded = (value, digits = 1) => Number(value.toFixed(digits));

/**
 * @param {string | undefined} text
 * @param {string} option for the message
 * @returns {number}
 */
export function countOf(text, option) {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new Error(`--${option} must be a whole number of at least 1, not ${text ?? 'nothing'}`);
  }
  return count;
}
