import { AsyncLocalStorage } from 'node:async_hooks';
import { type Caller } from '@keptn/api-models';

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
  /** The project that the request turned out to be about, where its path does not say so. */
  changedProject?: string;
  /** Of the resource that it has written. */
  version?: string;
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

/** For whom a request is made, as far as it is known. */
interface KnownActor {
  readonly actor?: Caller | undefined;
  readonly identity?: string | undefined;
}

/** Notes in the current request for whom it is made. */
export function noteActor({ actor, identity }: KnownActor): void {
  const context = storage.getStore();
  if (context === undefined) return;
  if (actor !== undefined) context.actor = actor;
  if (identity !== undefined) context.identity = identity;
}

/** Notes in the current request what it is about, for the audit log. */
export function noteChange(change: Pick<RequestContext, 'changedProject' | 'version'>): void {
  const context = storage.getStore();
  if (context !== undefined) Object.assign(context, change);
}
