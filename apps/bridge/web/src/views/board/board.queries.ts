import { queryOptions } from '@tanstack/react-query';
import { callShipyard } from '../../api/clients';
import { following } from '../../api/following';

export const boardQuery = (project: string) =>
  queryOptions({
    queryKey: ['board', project],
    queryFn: ({ signal }) =>
      callShipyard('GET /v1/project/{project}/board', { parameters: { project }, query: following(), signal }),
    meta: { touchedBy: (event) => event.project === project },
  });
