import { type ImportReport } from '@keptn/api-models';
import { ServiceError, toErrorBody } from '@keptn/service-kit';
import { type Accepted } from './event-intake.service';

/** The HTTP answer to posted events. */
export interface PostAnswer {
  readonly status: 201 | 207;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

const bodyOf = ({ id, shkeptncontext, sequence }: Accepted): object => ({ id, shkeptncontext, sequence });

export function describeOne(accepted: Accepted): PostAnswer {
  return {
    status: 201,
    headers: accepted.isReplay ? { 'Idempotent-Replay': 'true' } : {},
    body: bodyOf(accepted),
  };
}

/** A result for each event, with a status of its own: 201 with what a single event is answered, else an error body. */
export function describeBatch(results: readonly (Accepted | ServiceError)[]): PostAnswer {
  const body = results.map((result) =>
    result instanceof ServiceError
      ? { status: result.status, ...toErrorBody(result.status, result.message, result.reason) }
      : { status: 201, ...bodyOf(result), ...(result.isReplay && { replayed: true }) },
  );
  return { status: body.every(({ status }) => status === 201) ? 201 : 207, headers: {}, body };
}

export function describeImport(report: ImportReport): PostAnswer {
  return { status: report.refused === 0 ? 201 : 207, headers: {}, body: report };
}
