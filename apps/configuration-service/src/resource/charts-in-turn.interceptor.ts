import { Turnstile } from '@keptn/git-store';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { defer, lastValueFrom, type Observable } from 'rxjs';
import { type WriteRequest, writtenFiles } from './written-files';

/** A small archive may unpack to a thousand times its size, which is in memory until it is committed. */
const REQUESTS_AT_ONCE = 2;

/** For all routes that take charts. */
const turns = new Turnstile(REQUESTS_AT_ONCE);

/** Has requests with charts wait while others are under way. */
@Injectable()
export class ChartsInTurn implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = execution.switchToHttp().getRequest<FastifyRequest<WriteRequest>>();
    if (!writtenFiles(request).some(isArchive)) return next.handle();
    return defer(() => turns.run(() => lastValueFrom(next.handle(), { defaultValue: undefined })));
  }
}

const isArchive = (file: unknown): boolean =>
  typeof file === 'object' &&
  file !== null &&
  'resourceURI' in file &&
  typeof file.resourceURI === 'string' &&
  file.resourceURI.endsWith('.tgz');
