import { Caller } from '@keptn/api-models';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { authenticationOf } from './authentication';

/** Gives a handler the {@link Caller} of its request. */
export const CurrentCaller = createParamDecorator(
  (_data: undefined, execution: ExecutionContext): Caller =>
    authenticationOf(execution.switchToHttp().getRequest<FastifyRequest>())?.caller ?? Caller.ANYONE,
);
