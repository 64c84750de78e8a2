import { type UpstreamCredentials, type UpstreamRemote } from './upstream-remote';
import { type UpstreamError, UpstreamRefused, UpstreamUnreachable } from './upstream.errors';

/** Characters of what Git says that are worth reading. */
const MAX_TEXT = 500;
const HIDDEN = '********';

/** What Git (with LC_ALL=C), ssh and the large Git hosts say when they are reached and refuse. */
const REFUSALS: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [
    /REMOTE HOST IDENTIFICATION|Host key verification failed/,
    'its host key is not the one that was seen first: if that is right, set the upstream again',
  ],
  [
    /Authentication failed|could not read (Username|Password)|Permission denied|Access denied|error: 40[13]|HTTP 40[13]/i,
    'it does not accept the credentials',
  ],
  [/error in libcrypto|invalid format|Load key/, 'the private key cannot be read'],
  [
    /not found|error: 404|HTTP 404|does not appear to be a git repository|does not exist/i,
    'there is no such repository, or the credentials may not see it',
  ],
  [/fsck error|unpack failed|index-pack failed|fsckObjects/i, 'its content breaks the rules of Git'],
  [/rejected|declined|denied/i, 'it does not take the commits'],
];

/** Turns what a failed command printed into an error that tells a person what to do. */
export function describeFailure(remote: UpstreamRemote, printed: string): UpstreamError {
  const text = shorten(withoutSecrets(printed, remote.credentials));
  const refusal = REFUSALS.find(([pattern]) => pattern.test(text) && !/Could not resolve host/.test(text));
  if (refusal !== undefined) return new UpstreamRefused(`The upstream repository refuses: ${refusal[1]} (${text})`);
  return new UpstreamUnreachable(`The upstream repository cannot be reached (${text})`);
}

/** Lines that come from the server; Git fills them with blanks. */
const REMARK = /^remote: *(.*)$/gm;

/** What the server said beside what Git makes of it. */
export function remarksIn(printed: string, { credentials }: UpstreamRemote): string {
  const lines = [...printed.matchAll(REMARK)].map(([, line = '']) => line);
  return lines.some((line) => line.trim() !== '') ? shorten(withoutSecrets(lines.join('\n'), credentials)) : '';
}

/** @param text may come from the server, which can repeat what it was sent */
export function withoutSecrets(text: string, credentials: UpstreamCredentials | undefined): string {
  if (credentials === undefined) return text;
  const secrets =
    credentials.kind === 'token'
      ? [
          Buffer.from(`${credentials.user}:${credentials.token}`).toString('base64'),
          encodeURIComponent(credentials.token),
          credentials.token,
        ]
      : credentials.privateKey.split('\n').filter((line) => line.length >= MIN_KEY_LINE);
  return secrets.reduce((cleaned, secret) => cleaned.replace(occurrencesOf(secret), HIDDEN), text);
}

/** Whole values only: a short token, such as `a`, is a part of many words. A long one is hidden wherever it stands. */
function occurrencesOf(secret: string): RegExp {
  const escaped = secret.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const isShort = secret.length < SHORT_SECRET;
  return new RegExp(isShort ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])` : escaped, 'gu');
}

/** Characters; no Git host makes tokens that short. */
const SHORT_SECRET = 12;

/** Characters; shorter lines of a key say nothing by themselves. */
const MIN_KEY_LINE = 16;

function shorten(text: string): string {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.replace(/\p{Cc}+/gu, ' ').trim())
    .filter((line) => line !== '');
  const joined = lines.join('; ');
  return joined.length > MAX_TEXT ? `${joined.slice(0, MAX_TEXT)}…` : joined || 'it said nothing';
}
