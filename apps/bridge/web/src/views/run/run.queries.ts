import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { callEventLog, callShipyard } from '../../api/clients';
import { pages } from '../../api/pages';
import { type LoggedEvent } from '../../api/logged-event';

const PAGE_SIZE = 1000;

const touches =
  (context: string) =>
  ({ keptnContext }: LoggedEvent): boolean =>
    keptnContext === context;

/** The events of a run in the order of the log. */
export const traceQuery = (keptnContext: string) =>
  infiniteQueryOptions({
    queryKey: ['trace', keptnContext],
    queryFn: ({ pageParam, signal }) =>
      callEventLog('GET /event/context/{keptnContext}', {
        parameters: { keptnContext },
        query: { pageSize: String(PAGE_SIZE), nextPageKey: pageParam },
        signal,
      }),
    ...pages,
    meta: { touchedBy: touches(keptnContext) },
  });

/** Why what followed from each event followed, and what is waited for. */
export const explanationQuery = (keptnContext: string) =>
  queryOptions({
    queryKey: ['explanation', keptnContext],
    queryFn: ({ signal }) =>
      callShipyard('GET /v1/explanation/{keptnContext}', { parameters: { keptnContext }, signal }),
    meta: { touchedBy: touches(keptnContext) },
  });
