import { UpstreamError } from '@keptn/git-store';
import { BadRequest } from '@keptn/service-kit';

/** The upstream repository of a request cannot be used; the message says why and holds no credential. */
export class UpstreamNotUsable extends BadRequest {}

/** Runs the test of an upstream and tells its failures to the caller. @throws UpstreamNotUsable */
export async function testing<Result>(test: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await test();
  } catch (error) {
    throw error instanceof UpstreamError ? new UpstreamNotUsable(error.message, { cause: error }) : error;
  }
}
