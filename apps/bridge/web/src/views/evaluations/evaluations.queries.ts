import type { EvaluationReport } from '@keptn/api-models';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { callLighthouse } from '../../api/clients';
import { type LoggedEvent } from '../../api/logged-event';

/** Evaluations that are read at once; as many columns the heatmap gets. */
const PAGE_SIZE = 20;

export interface ServiceInStage {
  readonly project: string;
  readonly stage: string;
  readonly service: string;
}

const DONE = 'sh.keptn.events.evaluation-done';
const VALIDITY: ReadonlySet<string> = new Set([
  'sh.keptn.events.evaluation.invalidated',
  'sh.keptn.events.evaluation.revalidated',
]);

/** @param until id of the evaluation to begin with; the newest when absent */
export const evaluationsQuery = (names: ServiceInStage, until?: string) =>
  infiniteQueryOptions({
    queryKey: ['evaluations', names, until],
    queryFn: ({ pageParam, signal }) =>
      callLighthouse('GET /v1/project/{project}/stage/{stage}/service/{service}/evaluation', {
        parameters: names,
        query: { pageSize: String(PAGE_SIZE), until, nextPageKey: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextPageKey }) => nextPageKey,
    meta: { touchedBy: (event) => changes(event, names) },
  });

/** Those who declare an evaluation invalid need not say of which service it is. */
function changes({ type, project, stage, service }: LoggedEvent, names: ServiceInStage): boolean {
  if (VALIDITY.has(type)) return project === names.project || project === '';
  return type === DONE && project === names.project && stage === names.stage && service === names.service;
}

/** @param reason for those who read it later */
export const declareValidity = ({ id, invalidated }: EvaluationReport, reason: string) =>
  callLighthouse(
    invalidated === undefined
      ? 'POST /v1/evaluation/{eventId}/invalidation'
      : 'POST /v1/evaluation/{eventId}/revalidation',
    { parameters: { eventId: id }, body: { reason } },
  );

/** What the last evaluations would have come to. */
export const previewSlo = (names: ServiceInStage, slo: string) =>
  callLighthouse('POST /v1/project/{project}/stage/{stage}/service/{service}/evaluation/preview', {
    parameters: names,
    body: { slo, last: PAGE_SIZE },
  });
