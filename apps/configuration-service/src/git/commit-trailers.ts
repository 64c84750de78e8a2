import { type Trailers } from '@keptn/git-store';
import { currentRequestContext } from '@keptn/service-kit';

/** The trailer that names the Keptn context that a commit belongs to. */
export const KEPTN_CONTEXT_TRAILER = 'Keptn-Context';

/** Tells the reader of `git log` which request made a commit, and for which Keptn context. */
export function requestTrailers(): Trailers {
  const context = currentRequestContext();
  return {
    ...(context?.keptnContext !== undefined && { [KEPTN_CONTEXT_TRAILER]: context.keptnContext }),
    ...(context !== undefined && { 'Request-Id': context.requestId }),
  };
}
