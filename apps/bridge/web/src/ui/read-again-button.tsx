import { Button } from './button';

interface ReadAgainButtonProps {
  readonly query: { readonly isFetching: boolean; refetch(): Promise<unknown> };
}

/** For what may have changed without an event that says so. */
export function ReadAgainButton({ query }: ReadAgainButtonProps) {
  return (
    <Button disabled={query.isFetching} onClick={() => void query.refetch()}>
      Read again
    </Button>
  );
}
