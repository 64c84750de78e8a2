import { type Query, queryOptions } from '@tanstack/react-query';
import type { NewSession, SessionState } from '@keptn/api-models';
import { callBridge } from './clients';
import { liveEvents, queryClient } from './queries';
import { sessionLeft } from './session-end';
import { BASE_PATH } from './transport';

const SESSION = 'session';

export const sessionQuery = queryOptions({
  queryKey: [SESSION],
  queryFn: () => callBridge('GET /session'),
  gcTime: Infinity,
});

/** Pages of the same browser, which share the cookie of the installation, tell each other that it has changed. */
const otherPages = new BroadcastChannel(`keptn-session ${BASE_PATH}`);
otherPages.addEventListener('message', ({ data }: MessageEvent<SessionChange>) => {
  if (data === 'signed out') sessionLeft();
  void queryClient.invalidateQueries(sessionQuery);
});

type SessionChange = 'signed in' | 'signed out';

export async function signIn(credentials: NewSession): Promise<void> {
  begin(await callBridge('POST /session', { body: credentials }), 'signed in');
  liveEvents.restart();
}

/** Begins the session of the page. Whoever signs in by an identity provider comes to a page that is signed in from its beginning. */
export async function openSession(): Promise<void> {
  const { signedIn } = await queryClient.query(sessionQuery);
  if (signedIn) otherPages.postMessage('signed in' satisfies SessionChange);
}

/** Unlike a session that is over, this is the end of the person's work here. */
export async function signOut(): Promise<void> {
  const state = await callBridge('DELETE /session');
  sessionLeft();
  begin(state, 'signed out');
}

/** What was read for somebody is for nobody else. */
export function forgetAnswers(): void {
  queryClient.removeQueries({ predicate: isAnswer });
}

function begin(state: SessionState, change: SessionChange): void {
  queryClient.setQueryData(sessionQuery.queryKey, state);
  otherPages.postMessage(change);
}

const isAnswer = ({ queryKey }: Query): boolean => queryKey[0] !== SESSION;

/** Asks whether the session still counts, e.g. when the event stream was refused. That nobody answers ends no session. */
export async function checkSession(): Promise<void> {
  const state = await callBridge('GET /session').catch(() => undefined);
  if (state !== undefined) queryClient.setQueryData(sessionQuery.queryKey, state);
}
