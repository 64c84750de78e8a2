import { AsyncLocalStorage } from 'node:async_hooks';

/** What the log lines and the outgoing calls of one request have in common. */
export interface RequestContext {
  /** From `X-Request-Id` when it is well formed, otherwise made here; answered in the same header. */
  readonly requestId: string;
  /** W3C trace context header to pass on, when the caller sent one. */
  readonly traceparent?: string;
  /** Known once the request turns out to belong to a Keptn context. */
  keptnContext?: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work` so that everything it starts sees `context`. */
export function runInRequestContext<Result>(context: RequestContext, work: () => Result): Result {
  return storage.run(context, work);
}

/** The context of the request being handled, or undefined outside of one. */
export function currentRequestContext(): RequestContext | undefined {
  return storage.getStore();
}

/** Marks the current request, and so its log lines, as part of a Keptn context. */
export function noteKeptnContext(keptnContext: string): void {
  const context = storage.getStore();
  if (context !== undefined) {
    context.keptnContext = keptnContext;
  }
}
