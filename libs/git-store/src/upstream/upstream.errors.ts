import { GitStoreError } from '../git-store.errors';

/** Everything that can be wrong with an upstream repository. No message holds a credential. */
export abstract class UpstreamError extends GitStoreError {}

/** The address or the credentials cannot be used as they are; nothing was sent. */
export class InvalidUpstream extends UpstreamError {}

/** Nobody answers, the connection broke, or it took too long: the same may work later. */
export class UpstreamUnreachable extends UpstreamError {}

/** The upstream answered and says no: wrong credentials, no such repository, a protected branch. */
export class UpstreamRefused extends UpstreamError {}

/** Both sides changed the same lines. The commits of both sides are kept, on the branch and upstream. */
export class UpstreamConflict extends UpstreamError {
  constructor(
    readonly branch: string,
    /** Files that both sides changed. */
    readonly paths: readonly string[],
  ) {
    super(
      `Branch ${branch} and its upstream changed the same lines of ${paths.join(', ')}: ` +
        'give the files the same content on both sides',
    );
  }
}
