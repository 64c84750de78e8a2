import { keptnContext } from '@keptn/event-models';
import { noteKeptnContext } from '@keptn/service-kit';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { type Observable } from 'rxjs';

/** Names the Keptn context that a request belongs to; it becomes a trailer of the commits that the request makes. */
const KEPTN_CONTEXT_HEADER = 'x-keptn-context';

@Injectable()
export class KeptnContextInterceptor implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { headers } = execution.switchToHttp().getRequest<FastifyRequest>();
    const given = keptnContext.safeParse(headers[KEPTN_CONTEXT_HEADER]);
    if (given.success) {
      noteKeptnContext(given.data);
    }
    return next.handle();
  }
}
