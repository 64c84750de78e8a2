import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { Button, type ButtonProps } from '../ui/button';
import { Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { ViewNotLoaded } from './lazy-view';

export function UnknownPage() {
  return (
    <Page title="Nothing is here">
      <p>
        This link leads to no page of the Bridge. Start at the <Link to="/">projects</Link>.
      </p>
    </Page>
  );
}

/** A view that could not be loaded, or has a defect. The bar, and what was written in other views, stay. */
export function FailedView({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (!(error instanceof ViewNotLoaded)) return <UnexpectedFailure error={error} reset={reset} />;
  return (
    <Page title="This view is not here yet">
      <Notice kind="bad">{error.message}</Notice>
      <div className="row">
        <Button
          look="main"
          onClick={() => {
            reset();
            void router.invalidate();
          }}
        >
          Try again
        </Button>
        <LoadAgain />
      </div>
    </Page>
  );
}

/** A defect of the page, or a file of an earlier version that is gone. */
export function UnexpectedFailure({ error }: ErrorComponentProps) {
  return (
    <Page title="This page has failed">
      <Notice kind="bad">{error instanceof Error ? error.message : String(error)}</Notice>
      <div>
        <LoadAgain look="main" />
      </div>
    </Page>
  );
}

function LoadAgain(button: Pick<ButtonProps, 'look'>) {
  return (
    <Button
      {...button}
      onClick={() => {
        location.reload();
      }}
    >
      Load it again
    </Button>
  );
}
