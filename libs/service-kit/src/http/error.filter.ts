import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Logger } from 'pino';
import { describeError } from '../errors/describe-error';
import { MethodNotAllowed, NotFound } from '../errors/service-error';
import { type KnownRoutes } from './known-routes';

/** Answers every failure as JSON `{code, message}`; defects are logged with their stack, which never reaches the caller. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly routes: KnownRoutes,
    private readonly bodyLimit: number,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = thrown instanceof NotFoundException ? this.explainMissingRoute(request) : thrown;
    const { body, headers, isDefect } = describeError(error, this.bodyLimit);
    if (isDefect) {
      this.logger.error({ err: error }, 'request failed');
    }
    if (reply.sent) {
      return;
    }
    void reply.code(body.code).headers(headers).type('application/json').send(body);
  }

  /** Only the router throws Nest's own NotFoundException; domain errors are ServiceErrors. Texts as in contract section 2. */
  private explainMissingRoute(request: FastifyRequest): Error {
    const path = request.url.split('?', 1)[0] ?? '/';
    const methods = this.routes.methodsFor(path);
    return methods.length > 0
      ? new MethodNotAllowed(request.method, methods)
      : new NotFound(`path ${path} was not found`);
  }
}
