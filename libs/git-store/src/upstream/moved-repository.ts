import { request } from 'undici';
import { parseUpstreamAddress } from './upstream-address';
import { openNetwork } from './upstream-network';
import { type UpstreamRemote } from './upstream-remote';

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
    const location = await redirectOf(url, authorization, signal);
    const { origin, pathname } = new URL(location, url);
    if (origin !== new URL(url).origin || !pathname.endsWith(REFERENCES)) return undefined;
    const moved = { ...remote, address: parseUpstreamAddress(origin + pathname.slice(0, -REFERENCES.length)) };
    moves.set(remote, moved);
    return moved;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Whatever goes wrong here, what Git said stays the answer.
    return undefined;
  }
}

/** @returns where the server sends those who have the credentials; empty when it does not */
async function redirectOf(url: string, authorization: string, signal: AbortSignal): Promise<string> {
  const network = await openNetwork();
  try {
    const { headers, body } = await request(url, { headers: { authorization }, dispatcher: network, signal });
    await body.dump();
    return String(headers['location'] ?? '');
  } finally {
    await network.destroy();
  }
}
