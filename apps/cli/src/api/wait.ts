const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/**
 * @param text that the event log is asked to wait, such as `500ms`, `30s` or `30`
 * @returns milliseconds; 0 for what it refuses
 */
export function waitOf(text: string): number {
  const [, number = 0, unit = 's'] = /^(\d{1,5})(ms|s|m)?$/.exec(text) ?? [];
  return Number(number) * (UNIT_MS[unit] ?? 0);
}
