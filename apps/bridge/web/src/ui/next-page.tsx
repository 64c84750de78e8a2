import { Button } from './button';

export interface NextPageProps {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetching: boolean;
    readonly isFetchingNextPage: boolean;
    readonly refetch: (options: { readonly cancelRefetch: boolean }) => Promise<unknown>;
    readonly fetchNextPage: (options: { readonly cancelRefetch: boolean }) => Promise<unknown>;
  };
  /** What is in the next page, e.g. `More problems`. */
  readonly label: string;
}

/** Reads one page more of a list, as long as there is one. */
export function NextPage({ query, label }: NextPageProps) {
  if (!query.hasNextPage) return null;
  const { isFetching, refetch, fetchNextPage } = query;
  const readOn = async (): Promise<void> => {
    // Waits for what is being read: in its place, the next page would leave those before it out of date.
    if (isFetching) await refetch({ cancelRefetch: false });
    await fetchNextPage({ cancelRefetch: false });
  };
  return (
    <div>
      <Button onClick={() => void readOn()} disabled={query.isFetchingNextPage}>
        {label}
      </Button>
    </div>
  );
}
