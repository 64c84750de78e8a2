import { queryOptions } from '@tanstack/react-query';
import { callShipyard } from '../../api/clients';

export const boardQuery = (project: string) =>
  queryOptions({
    queryKey: ['board', project],
    queryFn: ({ signal }) => callShipyard('GET /v1/project/{project}/board', { parameters: { project }, signal }),
    meta: { touchedBy: (event) => event.project === project },
  });
