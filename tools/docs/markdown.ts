/** What the checks of the documentation need to know about a Markdown document, as GitHub renders it. */

const FENCE = /^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?^ {0,3}\1[ \t]*$/gm;
const INDENTED_FENCE = /^ +(`{3,})[^\n]*\n[\s\S]*?^ +\1[ \t]*$/gm;
const INLINE_CODE = /(`+)(?:(?!\1)[\s\S])+?\1/g;
const HEADING = /^#{1,6}[ \t]+(.+?)[ \t]*#*$/gm;
const INLINE_LINK = /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g;
const REFERENCE = /^ {0,3}\[[^\]]+\]:\s+<?(\S+?)>?\s*$/gm;
const HTML_TARGET = /<(?:img|a|source)\b[^>]*?\b(?:src|srcset|href)="([^"]+)"/g;
const HTML_ANCHOR = /<a\b[^>]*?\b(?:id|name)="([^"]+)"/g;

const matchesOf = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);

const withoutFences = (markdown: string): string => markdown.replaceAll(FENCE, '').replaceAll(INDENTED_FENCE, '');

/** The texts of all headings, in their order. */
export const headingsOf = (markdown: string): string[] => matchesOf(withoutFences(markdown), HEADING);

/** The targets of all links and images, in their order by kind. */
export function linksOf(markdown: string): string[] {
  const text = withoutFences(markdown).replaceAll(INLINE_CODE, '');
  return [INLINE_LINK, REFERENCE, HTML_TARGET].flatMap((pattern) => matchesOf(text, pattern));
}

/** The texts in backticks, fenced blocks aside. */
export const inlineCodesOf = (markdown: string): string[] =>
  [...withoutFences(markdown).matchAll(INLINE_CODE)].map(([code]) => code.replaceAll(/^`+ ?| ?`+$/g, ''));

/** The fragments that a link to the document can have: those of its headings, by GitHub's rule, and of `<a id>`. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set(matchesOf(withoutFences(markdown), HTML_ANCHOR));
  const uses = new Map<string, number>();
  for (const heading of headingsOf(markdown)) {
    const slug = slugOf(heading);
    const earlier = uses.get(slug) ?? 0;
    uses.set(slug, earlier + 1);
    anchors.add(earlier === 0 ? slug : `${slug}-${earlier}`);
  }
  return anchors;
}

const slugOf = (heading: string): string =>
  heading
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-');
