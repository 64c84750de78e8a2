import type { SessionState } from '@keptn/api-models';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { type MouseEvent, useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import { followEvents, liveEvents, queryClient } from '../api/queries';
import { becomePresent } from '../api/person';
import { checkSession, forgetAnswers, sessionQuery, signOut } from '../api/session';
import { onSessionEnd, onSessionLeft } from '../api/session-end';
import { Button } from '../ui/button';
import { Loaded } from '../ui/loaded';
import { Failure, Notice } from '../ui/notice';
import { Status } from '../ui/status';
import { applyScheme, COLOR_SCHEMES, storedScheme } from './color-scheme';
import { NavigationBar } from './navigation-bar';
import { isOfSamePerson, isSameSession, withKnown } from './same-person';
import { SignInAgain, SignInPage } from './sign-in';
import './layout.css';

/** Around every view: who is signed in, where one can go, and whether what is shown is up to date. */
export function Layout() {
  const session = useQuery(sessionQuery);
  useEffect(
    () =>
      onSessionEnd(() => {
        queryClient.setQueryData(sessionQuery.queryKey, (state) => state && { ...state, signedIn: false });
      }),
    [],
  );
  return <Loaded query={session}>{(state) => <ViewsOf state={state} />}</Loaded>;
}

/** What somebody is at stays while they sign in again. It goes when they leave, and before anybody else comes. */
function ViewsOf({ state }: { readonly state: SessionState }) {
  const { signedIn, takesPassword, signInWith } = state;
  const [owner, setOwner] = useState(signedIn ? state : undefined);
  const isTheirs = owner !== undefined && (!signedIn || isOfSamePerson(owner, state));
  useEffect(
    () =>
      onSessionLeft(() => {
        setOwner(undefined);
      }),
    [],
  );
  const begin = useEffectEvent(() => {
    if (!isTheirs) forgetAnswers();
    // What was refused meanwhile, or was missed.
    else if (!isSameSession(owner, state)) void queryClient.invalidateQueries();
    const next = withKnown(owner, state);
    becomePresent(next.name, isTheirs);
    setOwner(next);
  });
  useEffect(() => {
    if (state.signedIn) begin();
  }, [state]);
  const SignIn = isTheirs ? SignInAgain : SignInPage;
  return (
    <>
      {isTheirs && (
        <div inert={!signedIn}>
          <Views isSignedIn={signedIn} name={owner.name} />
        </div>
      )}
      {!signedIn && <SignIn takesPassword={takesPassword} providers={signInWith} />}
    </>
  );
}

/** The address of the link is that of the first view, to which all addresses of the page are relative. */
function skipToContent(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

interface ViewsProps {
  readonly isSignedIn: boolean;
  readonly name: string | undefined;
}

function Views({ isSignedIn, name }: ViewsProps) {
  useEffect(() => (isSignedIn ? followEvents() : undefined), [isSignedIn]);
  useEffect(() => liveEvents.onRefusal(() => void checkSession()), []);
  const { data: session } = useQuery(sessionQuery);
  const leave = useMutation({ mutationFn: signOut });
  const connection = useSyncExternalStore(liveEvents.onConnection, () => liveEvents.connection);
  return (
    <>
      <a className="skip" href="#content" onClick={skipToContent}>
        Skip to the content
      </a>
      <header className="bar">
        <div className="bar-content">
          <Link to="/" className="brand">
            Keptn
          </Link>
          <NavigationBar grants={session?.grants} />
          <div className="bar-end">
            <span role="status">
              {connection === 'live' && <Status kind="good">live</Status>}
              {connection === 'connecting' && <Status kind="running">connecting</Status>}
              {connection === 'lost' && <Status kind="bad">connection lost</Status>}
            </span>
            <SchemeChoice />
            {name !== undefined && <span className="small break">{name}</span>}
            <Button
              look="plain"
              onClick={() => {
                leave.mutate();
              }}
            >
              Sign out
            </Button>
          </div>
        </div>
      </header>
      {connection === 'lost' && (
        <div className="below-bar">
          <Notice kind="warning">
            The connection to the event stream is lost, so this page may be out of date. It is connected again by
            itself, and then shows what has happened meanwhile.
          </Notice>
        </div>
      )}
      {leave.error !== null && (
        <div className="below-bar">
          <Failure error={leave.error} />
        </div>
      )}
      <Outlet />
    </>
  );
}

function SchemeChoice() {
  const [scheme, setScheme] = useState(storedScheme);
  useEffect(() => {
    applyScheme(scheme);
  }, [scheme]);
  return (
    <select
      aria-label="Colours"
      value={scheme}
      onChange={({ target }) => {
        setScheme(COLOR_SCHEMES.find((each) => each === target.value) ?? 'system');
      }}
    >
      {COLOR_SCHEMES.map((each) => (
        <option key={each}>{each}</option>
      ))}
    </select>
  );
}
