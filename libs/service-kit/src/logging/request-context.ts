import { AsyncLocalStorage } from 'node:async_hooks';
import { type Caller } from '@keptn/api-models';
import { type Authenticated } from '../access/authentication';

/** What the log lines and the outgoing calls of one request have in common. */
export interface RequestContext {
  /** From `X-Request-Id` when it is well formed, otherwise made here; answered in the same header. */
  readonly requestId: string;
  /** W3C trace context header to pass on, when the caller sent one. */
  readonly traceparent?: string;
  /** Known once the request turns out to belong to a Keptn context. */
  keptnContext?: string;
  /** For whom the request is made, once it is known. */
  actor?: Caller;
  /** The signed identity of the actor, to pass on. */
  identity?: string;
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

/** Notes in the current request for whom it is made. */
export function noteActor({ actor, identity }: Authenticated): void {
  const context = storage.getStore();
  if (context === undefined) return;
  if (actor !== undefined) context.actor = actor;
  if (identity !== undefined) context.identity = identity;
}
