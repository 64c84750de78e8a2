const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Whether a text is an age such as `7d`, `12h`, `30m` or `60s`. */
export const isAge = (text: string): boolean => /^[1-9]\d{0,5}[smhd]$/.test(text);

/** @returns milliseconds */
export const ageMs = (text: string): number => Number.parseInt(text, 10) * (UNIT_MS[text.slice(-1)] ?? 0);
