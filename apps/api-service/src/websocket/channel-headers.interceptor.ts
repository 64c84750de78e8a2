import { ChannelTickets } from '@keptn/auth';
import { currentRequestContext } from '@keptn/service-kit';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { type Observable, tap } from 'rxjs';
import { CHANNEL_HEADER, TICKET_HEADER } from './channel-headers';

/**
 * Failures have no eventContext in their body. They say where their story is told in headers, which a client sends to the
 * websocket as they came.
 */
@Injectable()
export class ChannelHeadersInterceptor implements NestInterceptor {
  constructor(private readonly tickets: ChannelTickets) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reply = execution.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      tap({
        error: () => {
          const { keptnContext, actor } = currentRequestContext() ?? {};
          if (keptnContext !== undefined) {
            const ticket = this.tickets.issue(keptnContext, actor);
            void reply.headers({ [CHANNEL_HEADER]: keptnContext, [TICKET_HEADER]: ticket });
          }
        },
      }),
    );
  }
}
