import workerUrl from './event-stream.worker.ts?sharedworker&url';

/** The one policy that the Content-Security-Policy names: a script may come from this very address. */
const POLICY = 'keptn-event-stream';

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: () => string }): { createScriptURL(url: string): string };
}

/** Not in the types of every browser's DOM. */
const trustedTypes = (): TrustedTypes | undefined => (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;

/**
 * Six connections are all that a browser has for a host with HTTP/1.1, and each event stream holds one; so the pages of a browser share one.
 *
 * @param stream address of the event stream
 * @returns undefined where a browser has no shared workers
 */
export function connectToWorker(stream: string): SharedWorker | undefined {
  if (typeof SharedWorker === 'undefined') return undefined;
  const policy = trustedTypes()?.createPolicy(POLICY, { createScriptURL: () => workerUrl });
  return new SharedWorker(policy?.createScriptURL('') ?? workerUrl, { type: 'module', name: stream });
}
