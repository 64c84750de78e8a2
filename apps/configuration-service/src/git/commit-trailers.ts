import { type Trailers } from '@keptn/git-store';
import { currentRequestContext } from '@keptn/service-kit';

/** Tells the reader of `git log` which request made a commit, and for which Keptn context. */
export function requestTrailers(): Trailers {
  const context = currentRequestContext();
  return {
    ...(context?.keptnContext !== undefined && { 'Keptn-Context': context.keptnContext }),
    ...(context !== undefined && { 'Request-Id': context.requestId }),
  };
}
