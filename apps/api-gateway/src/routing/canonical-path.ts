/** No spelling of the path is safe to route; the message says why. */
export class UnsafePath extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'UnsafePath';
  }
}

/** RFC 3986 section 2.3: encoding these or not makes no difference. */
const UNRESERVED = /[\w.~-]/;

const ESCAPE = /%(?:([0-9A-Fa-f]{2})|)/g;

/** Characters that may stand in the path of a request target (RFC 3986 section 3.3). */
const PATH_CHARACTERS = /^[\w.~!$&'()*+,;=:@%/-]*$/;

/** Longest path, in characters: three names and a resource path, every byte percent-encoded. */
const MAX_LENGTH = 8_192;

/** A request target in the one form that decides both whether a token is asked for and where the request goes. */
export interface CanonicalTarget {
  /** Starts with a slash; no doubled slashes, no dot segments, escapes only where needed and in upper case. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
}

/**
 * @param target the request target as the client sent it: origin form, or absolute form as to a proxy (RFC 9112 section 3.2)
 * @throws UnsafePath for what different parsers read differently: dot segments in any encoding, backslashes, broken escapes
 */
export function canonicalTarget(target: string): CanonicalTarget {
  const origin = target.startsWith('/') ? target : withoutAuthority(target);
  const end = origin.search(/[?#]/);
  const rawPath = end === -1 ? origin : origin.slice(0, end);
  const query = end === -1 || origin[end] === '#' ? '' : (origin.slice(end).split('#', 1)[0] ?? '');
  return { path: canonicalPath(rawPath), query: query === '?' ? '' : query };
}

const withoutAuthority = (target: string): string => {
  const match = /^https?:\/\/[^/?#]+(\/.*)?$/i.exec(target);
  if (match === null) {
    throw new UnsafePath('the request target must be a path');
  }
  return match[1] ?? '/';
};

/** Most paths are in canonical form already: names and slashes, no escapes, and dots only inside of names. */
const PLAIN = /^(?:\/[\w~-][\w.~-]*)+\/?$/;

const canonicalPath = (rawPath: string): string => {
  if (rawPath.length > MAX_LENGTH) {
    throw new UnsafePath(`the path is longer than ${MAX_LENGTH} characters`);
  }
  if (PLAIN.test(rawPath)) {
    return rawPath;
  }
  if (!PATH_CHARACTERS.test(rawPath)) {
    throw new UnsafePath('the path holds a character that must be percent-encoded');
  }
  const escaped = rawPath.replace(ESCAPE, (_escape, hex: string | undefined) => {
    if (hex === undefined) {
      throw new UnsafePath('the path holds a % that is not followed by two hexadecimal digits');
    }
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return UNRESERVED.test(character) ? character : `%${hex.toUpperCase()}`;
  });
  // Clients of Keptn 0.7 escape the path of a resource as they are given it, such as `./slo.yaml`.
  const path = escaped.replace(/(?<=\/|%2F)(?:\.%2F)+/g, '');
  if (!isUtf8(path)) {
    throw new UnsafePath('the path holds escapes that are not UTF-8');
  }
  if (/%(?:5C|[01][0-9A-F]|7F)/.test(path)) {
    throw new UnsafePath('the path holds a backslash or a control character');
  }
  // An encoded slash separates segments for whoever decodes the path later.
  if (path.split(/\/|%2F/).some((segment) => segment === '.' || segment === '..')) {
    throw new UnsafePath('the path must not hold "." or ".." segments');
  }
  return path.replace(/\/{2,}/g, '/');
};

const isUtf8 = (escapedPath: string): boolean => {
  try {
    decodeURIComponent(escapedPath);
    return true;
  } catch {
    return false;
  }
};
