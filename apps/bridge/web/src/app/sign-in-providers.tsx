import { BASE_PATH } from '../api/transport';
import { Notice } from '../ui/notice';

/** Why nobody is signed in who comes back from a provider; the Bridge names it in the URL. */
const FAILURES: ReadonlyMap<string, string> = new Map([
  ['denied', 'The provider did not sign you in. Try again, or ask its administrator.'],
  ['expired', 'It took too long, or another page began to sign in. Try again.'],
  [
    'refused',
    'Keptn does not accept what the provider says of you. Its administrator finds the reason in the log of the Bridge.',
  ],
  [
    'too-large',
    'The provider says too much of you for a cookie: its administrator has to leave groups out of the token.',
  ],
  ['unavailable', 'The provider cannot be reached. Try again in a moment.'],
]);

interface ProvidersProps {
  readonly names: readonly string[];
  /** Whether the page stays open, so that nothing in it is lost. It goes on when it is told of the session by the one that is opened. */
  readonly inNewTab: boolean;
}

/** Links, not scripts: the provider's pages are another site. */
export function Providers({ names, inNewTab }: ProvidersProps) {
  const failure = FAILURES.get(new URLSearchParams(location.search).get('sign-in') ?? '');
  return (
    <>
      {failure !== undefined && <Notice kind="warning">{failure}</Notice>}
      {names.map((name) => (
        <a
          key={name}
          className="button button-main"
          href={addressOf(name)}
          {...(inNewTab && { target: '_blank', rel: 'noopener' })}
        >
          Sign in with {name}
          {inNewTab && ' in a new tab'}
        </a>
      ))}
    </>
  );
}

/** With the way back to where the person is now. */
function addressOf(provider: string): string {
  const { pathname, search } = location;
  const to = pathname.startsWith(BASE_PATH) ? pathname.slice(BASE_PATH.length) + withoutFailure(search) : '';
  return `${BASE_PATH}sign-in?${new URLSearchParams({ provider, ...(to !== '' && { to }) }).toString()}`;
}

function withoutFailure(search: string): string {
  const parameters = new URLSearchParams(search);
  parameters.delete('sign-in');
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}
