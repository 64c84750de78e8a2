import { BadRequest } from '@keptn/service-kit';

/** The value of `If-Match` or `If-None-Match`: any version, or one of these (RFC 9110, section 13.1). */
export type EntityTags = '*' | readonly string[];

const TAG = /\s*(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)/gy;

/**
 * @param header the whole header; undefined when it was not sent
 * @param comparison weak tags never match in a strong comparison
 */
export function parseEntityTags(
  name: string,
  header: string | undefined,
  comparison: 'strong' | 'weak',
): EntityTags | undefined {
  if (header === undefined || header.trim() === '*') {
    return header === undefined ? undefined : '*';
  }
  const tags: string[] = [];
  let end = 0;
  for (const match of header.matchAll(TAG)) {
    const [whole, weak, tag = ''] = match;
    end = match.index + whole.length;
    if (weak === undefined || comparison === 'weak') {
      tags.push(tag);
    }
  }
  if (end === 0 || end < header.length) {
    throw new BadRequest(`${name} in header must be * or a list of quoted entity tags such as "0a1b2c"`);
  }
  return tags;
}

/** @param current tag of what is there; undefined when there is nothing */
export function matches(tags: EntityTags, current: string | undefined): boolean {
  return current !== undefined && (tags === '*' || tags.includes(current));
}

export const quoted = (tag: string): string => `"${tag}"`;
