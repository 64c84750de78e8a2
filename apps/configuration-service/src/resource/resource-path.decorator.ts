import { resourceUri, type ResourceUri } from '@keptn/event-models';
import { BadRequest } from '@keptn/service-kit';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';

/** How the API's description calls what a route's `*` stands for. */
export const RESOURCE_PATH = 'path';

/**
 * The path of a resource at the end of a URL. A decorator of its own keeps the `*` of the route, which is no name for a
 * parameter, out of the API's description.
 * @throws BadRequest
 */
export const ResourcePath = createParamDecorator((_options: unknown, context: ExecutionContext): ResourceUri => {
  const { params } = context.switchToHttp().getRequest<FastifyRequest<{ Params: { '*'?: string } }>>();
  const checked = resourceUri.safeParse(params['*']);
  if (!checked.success) {
    throw new BadRequest(checked.error.issues[0]?.message ?? 'the path of the resource is not valid');
  }
  return checked.data;
});
