import { LOGGER } from '@keptn/service-kit';
import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Logger } from 'pino';
import { type Observable, tap } from 'rxjs';
import { addWarning } from '../domain/warning-header';
import { findingsOf } from './file-findings';
import { FaultyFile } from './resource.errors';
import { type WriteRequest, writtenFiles } from './written-files';

/** RFC 7240, section 4.4: the client would rather have an error than a lenient answer. */
const STRICT = /(?:^|[\s,;])handling=strict(?:$|[\s,;])/i;

/**
 * Looks at uploaded files that Keptn itself reads: SLO, SLI, remediation and shipyard. Faults and hints are warnings, in the
 * answer and in the log; with `Prefer: handling=strict` faults are an error and nothing is written.
 */
@Injectable()
export class FileCheckInterceptor implements NestInterceptor {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = execution.switchToHttp();
    const request = http.getRequest<FastifyRequest<WriteRequest>>();
    const { faults, hints } = findingsOf(writtenFiles(request));
    if (faults.length > 0 && STRICT.test([request.headers.prefer].flat().join(','))) {
      throw new FaultyFile(faults);
    }
    const warnings = [...faults, ...hints];
    if (warnings.length === 0) {
      return next.handle();
    }
    return next.handle().pipe(
      tap(() => {
        for (const warning of warnings) {
          addWarning(http.getResponse<FastifyReply>(), warning);
        }
        this.logger.warn({ warnings }, 'file with findings written');
      }),
    );
  }
}
