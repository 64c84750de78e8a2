import { projectName } from '@keptn/event-models';
import { SETTINGS } from '@keptn/service-kit';
import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { concatMap, type Observable } from 'rxjs';
import { type Settings } from '../settings';
import { ProjectUpstreams } from './project-upstreams';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** With UPSTREAM_PUSH=sync: a write is answered when its commits were pushed, or could not be. It succeeds either way. */
@Injectable()
export class PushWaitInterceptor implements NestInterceptor {
  private readonly isWaiting: boolean;

  constructor(
    @Inject(SETTINGS) { UPSTREAM_PUSH }: Settings,
    private readonly upstreams: ProjectUpstreams,
  ) {
    this.isWaiting = UPSTREAM_PUSH === 'sync';
  }

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { method, params, body } = execution.switchToHttp().getRequest<FastifyRequest>();
    if (!this.isWaiting || READING.has(method)) {
      return next.handle();
    }
    const { project = (body as { projectName?: unknown } | undefined)?.projectName } = params as { project?: unknown };
    const name = projectName.safeParse(project);
    if (!name.success) {
      return next.handle();
    }
    return next.handle().pipe(
      concatMap(async (answer: unknown) => {
        await this.upstreams.settled(name.data);
        return answer;
      }),
    );
  }
}
