/** Marks that turn the direction of text around: embeddings, overrides and isolates of the Unicode Bidirectional Algorithm. */
const DIRECTION_MARKS = /[\u202A-\u202E\u2066-\u2069]/g;

const isMarked = (child: unknown): boolean =>
  typeof child === 'string' ? child.search(DIRECTION_MARKS) >= 0 : Array.isArray(child) && child.some(isMarked);

const named = (child: unknown): unknown => {
  if (Array.isArray(child)) return child.map(named);
  if (typeof child !== 'string') return child;
  return child.replace(DIRECTION_MARKS, (mark) => `[U+${mark.charCodeAt(0).toString(16).toUpperCase()}]`);
};

/** The properties of an element, with the names of such marks in its text, e.g. `[U+202E]`, in place of the marks. */
export function withVisibleMarks(properties: unknown): unknown {
  if (typeof properties !== 'object' || properties === null || !('children' in properties)) return properties;
  return isMarked(properties.children) ? { ...properties, children: named(properties.children) } : properties;
}
