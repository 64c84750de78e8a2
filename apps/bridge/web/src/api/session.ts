import { queryOptions } from '@tanstack/react-query';
import type { NewSession, SessionState } from '@keptn/api-models';
import { callBridge } from './clients';
import { liveEvents, queryClient } from './queries';

const SESSION = 'session';

export const sessionQuery = queryOptions({
  queryKey: [SESSION],
  queryFn: () => callBridge('GET /session'),
  gcTime: Infinity,
});

/** Pages of the same browser, which share the cookie, tell each other that it has changed. */
const otherPages = new BroadcastChannel('keptn-session');
otherPages.addEventListener('message', () => {
  void queryClient.invalidateQueries(sessionQuery);
});

export async function signIn(credentials: NewSession): Promise<void> {
  begin(await callBridge('POST /session', { body: credentials }));
  liveEvents.restart();
}

export async function signOut(): Promise<void> {
  begin(await callBridge('DELETE /session'));
}

/** What was read for somebody else is forgotten. */
function begin(state: SessionState): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION });
  queryClient.setQueryData(sessionQuery.queryKey, state);
  otherPages.postMessage('changed');
}

/** Asks whether the session still counts, e.g. when the event stream was refused. That nobody answers ends no session. */
export async function checkSession(): Promise<void> {
  const state = await callBridge('GET /session').catch(() => undefined);
  if (state !== undefined) queryClient.setQueryData(sessionQuery.queryKey, state);
}
