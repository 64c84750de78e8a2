/** In characters, and in items: what fits into a document of MongoDB (16 MiB) and can be shown, whatever senders write. */
export const LONGEST_TEXT = 512;
const MOST_ITEMS = 250;

/** The same with shorter texts and lists. @param value JSON */
export const bounded = <Value>(value: Value): Value => cut(value) as Value;

function cut(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, LONGEST_TEXT);
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map(cut);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, cut(field)]));
}
