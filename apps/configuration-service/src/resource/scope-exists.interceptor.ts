import { type CallHandler, type ExecutionContext, Inject, type NestInterceptor, type Type } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { type Observable } from 'rxjs';
import { type z } from 'zod';
import { type WritesResources } from './resources';

interface CheckedKind<Names, Scope> {
  readonly routes: { readonly list: { readonly parameters: z.ZodType } };
  readonly scopeOf: (names: Names) => Scope;
  readonly writer: Type<WritesResources<Scope>>;
}

/** Answers that a project, stage or service does not exist before anything is said about the content that is sent to it. */
export function scopeExists<Names, Scope>({
  routes,
  scopeOf,
  writer,
}: CheckedKind<Names, Scope>): Type<NestInterceptor> {
  class ScopeExistsInterceptor implements NestInterceptor {
    constructor(@Inject(writer) readonly resources: WritesResources<Scope>) {}

    async intercept(execution: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
      const { params } = execution.switchToHttp().getRequest<FastifyRequest>();
      const names = routes.list.parameters.safeParse(params);
      // What is wrong with a name is said where the parameters are checked.
      if (names.success) {
        await this.resources.assertExists(scopeOf(names.data as Names));
      }
      return next.handle();
    }
  }
  return ScopeExistsInterceptor;
}
