/** What the API answered when it refused something, in its own words, or that it could not be reached. */
export class ApiFailure extends Error {
  private constructor(
    message: string,
    /** HTTP status; 0 when there was no answer. */
    readonly status: number,
    /** Stable name of the failure, as in docs/reference/errors.md. */
    readonly reason: string,
    /** Finds the request in the logs. */
    readonly requestId: string | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ApiFailure';
  }

  static ofAnswer(response: Response, text: string): ApiFailure {
    const { message, reason } = bodyOf(text);
    const requestId = response.headers.get('x-request-id') ?? undefined;
    return new ApiFailure(
      message ?? `the answer has status ${response.status}`,
      response.status,
      reason ?? '',
      requestId,
    );
  }

  static ofConnection(cause: unknown): ApiFailure {
    return new ApiFailure('The Bridge cannot be reached. Check the connection, and try again.', 0, '', undefined, {
      cause,
    });
  }

  /** Whether the same request may be answered in a moment. */
  get mayPass(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const bodyOf = (text: string): { message?: string; reason?: string } => {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
};
