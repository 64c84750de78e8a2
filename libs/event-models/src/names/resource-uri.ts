import { z } from 'zod';

/** Longest resource path, in UTF-8 bytes. */
const RESOURCE_URI_LIMIT = 1024;

/** Longest segment of a resource path, in UTF-8 bytes: what common file systems hold. */
const RESOURCE_SEGMENT_LIMIT = 255;

const ALLOWED = 'use a relative path such as "helm/carts.yaml" with "/" between its segments';

/** Characters that HFS+ ignores when it compares names, so that `.g<U+200C>it` opens `.git`. */
const IGNORED_BY_HFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** Spellings that open the `.git` folder on Windows: 8.3 short name, and `:` for a named stream of it. */
const GIT_FOLDER = /^(?:\.git|git~[0-9]+)[ .]*(?::.*)?$/i;

const CONTROL_CHARACTER = /\p{Cc}/u;
const LONE_SURROGATE = /\p{Cs}/u;

/** What the rules say, for readers of the OpenAPI document: all but lengths in bytes, and characters that HFS+ ignores. */
const SEGMENT =
  String.raw`(?![ .]*(/|$))(?!([.][Gg][Ii][Tt]|[Gg][Ii][Tt]~[0-9]+)[ .]*(:[^/]*)?(/|$))` +
  String.raw`[^/\\\u0000-\u001f\u007f-\u009f]{1,${RESOURCE_SEGMENT_LIMIT}}`;
const PATTERN = `^/?([.]/)*(?!-)${SEGMENT}(/([.]|${SEGMENT}))*$`;

function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

function segmentRefusalOf(segment: string): string | undefined {
  if (segment === '') return 'must not have empty segments (doubled, leading or trailing "/")';
  const visible = segment.replace(IGNORED_BY_HFS, '');
  if (/^[ .]*$/.test(visible)) return 'must not have segments made of dots or blanks only, such as ".."';
  if (GIT_FOLDER.test(visible)) return 'must not name a ".git" folder in any spelling';
  if (bytesOf(segment) > RESOURCE_SEGMENT_LIMIT) {
    return `must not have a segment longer than ${RESOURCE_SEGMENT_LIMIT} bytes`;
  }
  return undefined;
}

function refusalOf(path: string): string | undefined {
  if (path === '') return 'must not be empty';
  if (bytesOf(path) > RESOURCE_URI_LIMIT) return `must not be longer than ${RESOURCE_URI_LIMIT} bytes`;
  if (LONE_SURROGATE.test(path)) return 'must be valid Unicode text';
  if (CONTROL_CHARACTER.test(path)) return 'must not contain control characters';
  if (path.includes('\\')) return 'must not contain a backslash';
  if (path.startsWith('-')) return 'must not start with "-"';
  for (const segment of path.split('/')) {
    const refusal = segmentRefusalOf(segment);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/**
 * The path as it is stored. One leading slash is dropped, since lists of Keptn 0.7 show every path with one; segments `.`
 * as well, since Keptn's tutorials and command line send `./slo.yaml`.
 */
function normalized(path: string): string {
  const relative = path.startsWith('/') ? path.slice(1) : path;
  return relative
    .split('/')
    .filter((segment) => segment !== '.')
    .join('/');
}

/**
 * Path of a resource below its project, stage or service. What is accepted stays inside the folder that it is joined to,
 * on every file system.
 */
export const resourceUri = z
  .string({ error: `resourceURI must be a string: ${ALLOWED}` })
  .overwrite(normalized)
  .superRefine((path, context) => {
    const refusal = refusalOf(path);
    if (refusal !== undefined) context.addIssue({ code: 'custom', message: `resourceURI ${refusal}: ${ALLOWED}` });
  })
  .meta({
    description:
      `Path of the resource, relative to its project, stage or service, with "/" between segments; ` +
      `at most ${RESOURCE_URI_LIMIT} bytes, ${RESOURCE_SEGMENT_LIMIT} bytes a segment; one leading "/" and segments "." are dropped`,
    example: 'helm/carts/values.yaml',
    minLength: 1,
    maxLength: RESOURCE_URI_LIMIT,
    pattern: PATTERN,
  })
  .brand<'ResourceUri'>();
export type ResourceUri = z.infer<typeof resourceUri>;
