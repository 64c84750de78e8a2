import { infiniteQueryOptions } from '@tanstack/react-query';
import { callShipyard } from '../../api/clients';
import { pages } from '../../api/pages';

const PAGE_SIZE = 1000;

/** The events of a run in the order of the log, why what followed from each followed, and what is waited for. */
export const runQuery = (keptnContext: string) =>
  infiniteQueryOptions({
    queryKey: ['run', keptnContext],
    queryFn: ({ pageParam, signal }) =>
      callShipyard('GET /v1/run/{keptnContext}', {
        parameters: { keptnContext },
        query: { pageSize: String(PAGE_SIZE), nextPageKey: pageParam },
        signal,
      }),
    ...pages,
    meta: { touchedBy: (event) => event.keptnContext === keptnContext },
  });
