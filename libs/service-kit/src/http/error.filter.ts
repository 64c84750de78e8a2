import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Logger } from 'pino';
import { describeError } from '../errors/describe-error';
import { type KnownFailures } from '../errors/known-failures';

/** Answers every failure as JSON `{code, message}`; defects are logged with their stack, which never reaches the caller. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly bodyLimit: number,
    private readonly failures: KnownFailures,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const { headers: asked } = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const refused = { bodyLimit: this.bodyLimit, mediaType: asked['content-type'] };
    const { body, headers, isDefect } = describeError(this.failures.describe(error), refused);
    if (isDefect) {
      this.logger.error({ err: error }, 'request failed');
    }
    if (reply.sent) {
      return;
    }
    void reply.code(body.code).headers(headers).type('application/json').send(body);
  }
}
