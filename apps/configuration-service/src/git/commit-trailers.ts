import { type Identity, type Trailers } from '@keptn/git-store';
import { currentRequestContext } from '@keptn/service-kit';

/** The trailer that names the Keptn context that a commit belongs to. */
export const KEPTN_CONTEXT_TRAILER = 'Keptn-Context';

/** Tells the reader of `git log` which request made a commit, and for which Keptn context. */
function requestTrailers(): Trailers {
  const context = currentRequestContext();
  return {
    ...(context?.keptnContext !== undefined && { [KEPTN_CONTEXT_TRAILER]: context.keptnContext }),
    ...(context !== undefined && { 'Request-Id': context.requestId }),
  };
}

/** Mail addresses of those who have none; nobody can ever have one there (RFC 2606). */
const NO_MAIL = 'keptn.invalid';

/** What Git takes for the end of a name or an address. */
const UNSAFE = /[<>\0-\x1f\x7f]/g;

/** What a commit says of the request that makes it: its trailers, and as author whoever is known by name. */
export function requestCommit(): { readonly trailers: Trailers; readonly author?: Identity } {
  const actor = currentRequestContext()?.actor;
  const trailers = requestTrailers();
  if (actor?.isNamed !== true) return { trailers };
  const { email = `${actor.id}@${NO_MAIL}` } = actor.description;
  return { trailers, author: { name: actor.name.replace(UNSAFE, ''), email: email.replace(UNSAFE, '') } };
}
