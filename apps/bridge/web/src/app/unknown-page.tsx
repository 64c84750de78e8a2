import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { Button } from '../ui/button';
import { Notice } from '../ui/notice';
import { Page } from '../ui/page';

export function UnknownPage() {
  return (
    <Page title="Nothing is here">
      <p>
        This link leads to no page of the Bridge. Start at the <Link to="/">projects</Link>.
      </p>
    </Page>
  );
}

/** A defect of the page, or a file of an earlier version that is gone. */
export function UnexpectedFailure({ error }: ErrorComponentProps) {
  return (
    <Page title="This page has failed">
      <Notice kind="bad">{error instanceof Error ? error.message : String(error)}</Notice>
      <div>
        <Button
          look="main"
          onClick={() => {
            location.reload();
          }}
        >
          Load it again
        </Button>
      </div>
    </Page>
  );
}
