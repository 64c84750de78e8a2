/** Sections of the wire contract: which exist, and which a comment cites. */

import { headingsOf } from './markdown';

/** `contract 4.3`, `contract 3.3, 3.4`, `contract 5.3 and 5.4`, `contract section 2` */
const CITATION = /\bcontract(?: sections?)? (\d+(?:\.\d+)*(?:(?:, | and |, and )\d+(?:\.\d+)*)*)/gi;
const SECTION = /^(\d+(?:\.\d+)*)\.?\s/;
const LINE_BREAK_IN_COMMENT = /[ \t]*\r?\n[ \t]*(?:\*(?!\/)|\/\/|#)?[ \t]*/g;

/** The numbers of the sections that a text cites, also where a line ends within the citation. */
export const citedSections = (source: string): string[] =>
  [...source.replaceAll(LINE_BREAK_IN_COMMENT, ' ').matchAll(CITATION)].flatMap(([, numbers = '']) =>
    numbers.split(/, and |, | and /),
  );

/** The numbers that the headings of a page begin with. */
export const sectionsOf = (markdown: string): string[] =>
  headingsOf(markdown).flatMap((heading) => SECTION.exec(heading)?.[1] ?? []);
