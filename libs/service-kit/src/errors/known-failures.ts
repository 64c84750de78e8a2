/** Says what a failure means to the caller; gives back every other error as it is. */
export type FailureDescription = (error: unknown) => unknown;

/**
 * Failures of what a service depends on, such as its database. Each module adds a description of its dependency's failures; what nobody
 * describes is a defect. This is not an interceptor, since with the first one Nest sends every request through rxjs.
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
