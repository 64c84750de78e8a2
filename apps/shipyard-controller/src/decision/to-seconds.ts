/** RFC 3339 without a fraction, as Keptn 0.7 writes time frames. */
export function toSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
