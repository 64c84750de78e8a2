import { UpstreamError } from '@keptn/git-store';
import { BadRequest, Conflict } from '@keptn/service-kit';

/** The upstream repository of a request cannot be used; the message says why and holds no credential. */
export class UpstreamNotUsable extends BadRequest {
  constructor(message: string, options?: ErrorOptions) {
    super(message, { ...options, reason: 'UPSTREAM_NOT_USABLE' });
  }
}

/** A project has the upstream that the operator has set for it, and no other. */
export class UpstreamIsMounted extends Conflict {
  constructor() {
    super('The upstream of this project is set by the operator, in UPSTREAM_CREDENTIALS_DIR: change it there', {
      reason: 'UPSTREAM_MOUNTED',
    });
  }
}

/** Runs the test of an upstream and tells its failures to the caller. @throws UpstreamNotUsable */
export async function testing<Result>(test: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await test();
  } catch (error) {
    throw error instanceof UpstreamError ? new UpstreamNotUsable(error.message, { cause: error }) : error;
  }
}
