import { type UseQueryResult } from '@tanstack/react-query';
import { type ReactNode } from 'react';
import { Button } from './button';
import { Failure } from './notice';

export interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>;
  /** Shows the data. */
  readonly children: (data: Data) => ReactNode;
}

/** What a query has answered, that it is still waited for, or why there is no answer. Older data stays while newer cannot be had. */
export function Loaded<Data>({ query, children }: LoadedProps<Data>) {
  return (
    <>
      {query.error !== null && (
        <div className="stack">
          <Failure error={query.error} />
          <div>
            <Button onClick={() => void query.refetch()}>Try again</Button>
          </div>
        </div>
      )}
      {query.data !== undefined && children(query.data)}
      {query.isPending && <p role="status">Loading …</p>}
    </>
  );
}
