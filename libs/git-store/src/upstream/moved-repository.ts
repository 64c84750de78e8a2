import { parseUpstreamAddress } from './upstream-address';
import { type UpstreamRemote } from './upstream-remote';
import { InvalidUpstream } from './upstream.errors';

/** What Git says when a server redirects only those who have shown their credentials. */
const UNFOLLOWED_REDIRECT = /\bHTTP 30[1278]\b/;
const REFERENCES = '/info/refs';

/** Where repositories have moved to, so that each is asked for once only. */
const moves = new WeakMap<UpstreamRemote, UpstreamRemote>();

export function currentRemote(remote: UpstreamRemote): UpstreamRemote {
  return moves.get(remote) ?? remote;
}

/**
 * Follows the redirect of a renamed private repository, which Git 2.39 does not: it forgets a redirect that comes with
 * the answer to its credentials. They are sent to the same scheme, host and port only.
 * @param errorText what Git printed when it failed
 * @returns undefined when there is no such redirect
 */
export async function followMove(
  remote: UpstreamRemote,
  errorText: string,
  signal: AbortSignal,
): Promise<UpstreamRemote | undefined> {
  const { address, credentials } = remote;
  if (!UNFOLLOWED_REDIRECT.test(errorText) || credentials?.kind !== 'token') return undefined;
  const query = '?service=git-upload-pack';
  const authorization = `Basic ${Buffer.from(`${credentials.user}:${credentials.token}`).toString('base64')}`;
  const url = `${address.url.replace(/\/$/, '')}${REFERENCES}${query}`;
  try {
    const { headers, body } = await fetch(url, { headers: { authorization }, redirect: 'manual', signal });
    await body?.cancel();
    const { origin, pathname } = new URL(headers.get('location') ?? '', url);
    if (origin !== new URL(url).origin || !pathname.endsWith(REFERENCES)) return undefined;
    const moved = { ...remote, address: parseUpstreamAddress(origin + pathname.slice(0, -REFERENCES.length)) };
    moves.set(remote, moved);
    return moved;
  } catch (error) {
    // Where Git gets through a proxy and this does not, what Git said stays the answer.
    if (error instanceof InvalidUpstream || error instanceof TypeError || signal.aborted) return undefined;
    throw error;
  }
}
