import { LONGEST_TEXT } from './bounded';

/** Undefined for what no browser should be sent to, and for what is too long to be kept whole. */
export function webAddressOf(text: string): string | undefined {
  return text.length <= LONGEST_TEXT && /^https?:\/\/\S+$/i.test(text) && URL.canParse(text) ? text : undefined;
}
