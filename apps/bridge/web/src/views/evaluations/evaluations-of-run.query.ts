import { queryOptions } from '@tanstack/react-query';
import { callEventLog } from '../../api/clients';
import { toLoggedEvent } from '../../api/logged-event';

const DONE = 'sh.keptn.events.evaluation-done';

/** The events of a run that end evaluations, newest first. */
export const evaluationsOfRunQuery = (keptnContext: string) =>
  queryOptions({
    queryKey: ['evaluations of run', keptnContext],
    queryFn: async ({ signal }) => {
      const { events } = await callEventLog('GET /event', {
        query: { keptnContext, type: DONE, pageSize: '100' },
        signal,
      });
      return events.map(toLoggedEvent);
    },
    meta: { touchedBy: (event) => event.keptnContext === keptnContext && event.type === DONE },
  });
