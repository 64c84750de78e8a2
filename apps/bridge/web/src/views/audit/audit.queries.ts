import { infiniteQueryOptions } from '@tanstack/react-query';
import { callApi } from '../../api/clients';
import { pages } from '../../api/pages';
import { readAtEachVisit } from '../../api/read-at-each-visit';
import { type AuditSearch } from './audit-search';

export const auditQuery = (search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ['audit', search],
    queryFn: ({ pageParam, signal }) =>
      callApi('GET /v1/audit', { query: { ...search, pageSize: '50', nextPageKey: pageParam }, signal }),
    ...pages,
    ...readAtEachVisit,
  });
