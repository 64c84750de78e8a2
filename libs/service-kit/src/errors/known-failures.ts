/** Says what a failure means to the caller; an error that is none of its kind it gives back as it is. */
export type FailureDescription = (error: unknown) => unknown;

/**
 * Failures of what a service depends on, such as its database. Modules add how those of their dependency are told; what nobody knows is a
 * defect. No interceptor does this, since with the first one Nest sends every request through rxjs.
 */
export class KnownFailures {
  private readonly descriptions: FailureDescription[] = [];

  add(describe: FailureDescription): void {
    this.descriptions.push(describe);
  }

  /** @returns the error that the caller is answered */
  describe(error: unknown): unknown {
    return this.descriptions.reduce((described, describe) => describe(described), error);
  }
}
