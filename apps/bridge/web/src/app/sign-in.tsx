import { useMutation } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useEffect, useRef, useState } from 'react';
import { forgetAnswers, signIn } from '../api/session';
import { Button } from '../ui/button';
import { Card } from '../ui/page';
import { Failure } from '../ui/notice';
import { Providers } from './sign-in-providers';
import './sign-in.css';

interface SignInProps {
  readonly takesPassword: boolean;
  /** Names of the identity providers that people can sign in with. */
  readonly providers: readonly string[];
}

/** The form stands where the view will be, so that a link still leads where it should. */
export function SignInPage(props: SignInProps) {
  useEffect(forgetAnswers, []);
  useEffect(() => {
    document.title = 'Sign in - Keptn';
  }, []);
  return <SignIn {...props} />;
}

/** Over the view of somebody whose session is over, which it covers: whoever comes next is not to see what they saw. */
export function SignInAgain(props: SignInProps) {
  const dialog = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { activeElement } = document;
    dialog.current?.focus();
    return () => {
      if (activeElement instanceof HTMLElement) activeElement.focus();
    };
  }, []);
  return (
    <div
      ref={dialog}
      className="sign-in-again"
      role="dialog"
      aria-modal="true"
      aria-label="Sign in again"
      tabIndex={-1}
    >
      <SignIn {...props} inNewTab>
        <p>
          Your session is over. Everything is where you left it once you have signed in again, here or in another tab.
        </p>
      </SignIn>
    </div>
  );
}

interface SignInFormProps extends SignInProps {
  /** Whether the pages of providers are opened beside this one. */
  readonly inNewTab?: boolean;
  readonly children?: ReactNode;
}

function SignIn({ takesPassword, providers, inNewTab = false, children }: SignInFormProps) {
  const [byPassword, setByPassword] = useState(takesPassword);
  const attempt = useMutation({ mutationFn: signIn });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string): string | undefined => {
      const value = fields.get(name);
      return typeof value === 'string' && value !== '' ? value : undefined;
    };
    attempt.mutate({ token: text('token'), user: text('user'), password: text('password'), name: text('name') });
  };
  return (
    <main className="sign-in">
      <h1>Sign in to Keptn</h1>
      {children}
      {providers.length > 0 && <Providers names={providers} inNewTab={inNewTab} />}
      <Card>
        <form onSubmit={submit}>
          {byPassword ? <PasswordFields /> : <TokenFields />}
          {attempt.error !== null && <Failure error={attempt.error} />}
          <Button look="main" type="submit" disabled={attempt.isPending}>
            Sign in
          </Button>
        </form>
        {takesPassword && (
          <Button
            look="plain"
            onClick={() => {
              setByPassword(!byPassword);
            }}
          >
            {byPassword ? 'Use the API token instead' : 'Use user and password instead'}
          </Button>
        )}
      </Card>
      <p className="muted small">
        The token is in the file <code>token</code> of the data folder, or in the secret <code>keptn-api-token</code> of
        the cluster. This page does not keep it.
      </p>
    </main>
  );
}

function TokenFields() {
  return (
    <>
      <label>
        API token
        <input name="token" type="password" required autoComplete="current-password" />
      </label>
      <label>
        Your name, shown with your decisions (optional)
        <input name="name" maxLength={200} autoComplete="name" />
      </label>
    </>
  );
}

function PasswordFields() {
  return (
    <>
      <label>
        User
        <input name="user" required autoComplete="username" />
      </label>
      <label>
        Password
        <input name="password" type="password" required autoComplete="current-password" />
      </label>
    </>
  );
}
