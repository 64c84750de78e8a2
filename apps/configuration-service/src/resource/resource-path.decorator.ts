import { resourceUri, type ResourceUri } from '@keptn/event-models';
import { BadRequest } from '@keptn/service-kit';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';

/** What is left of the `%252F` that clients send to get a slash through a gateway that decodes paths (contract 1.2). */
const ENCODED_SLASH = /%2f/gi;

export interface ResourceParameters {
  readonly '*'?: string;
}

/** The path of a resource at the end of a URL, for which a route has `*`. */
export const resourcePathOf = ({ '*': path }: ResourceParameters): string | undefined =>
  path?.replace(ENCODED_SLASH, '/');

/** The path of a resource, checked. @throws BadRequest */
export const ResourcePath = createParamDecorator((_options: unknown, context: ExecutionContext): ResourceUri => {
  const { params } = context.switchToHttp().getRequest<FastifyRequest<{ Params: ResourceParameters }>>();
  const checked = resourceUri.safeParse(resourcePathOf(params));
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new BadRequest(issue?.message ?? 'the path of the resource is not valid', { reason: 'INVALID_RESOURCE' });
  }
  return checked.data;
});
