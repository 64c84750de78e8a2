import { type PageRequest, type Resource, type ResourceList } from '@keptn/api-models';
import { type FastifyReply } from 'fastify';
import { pageAnswer } from '../domain/page';
import { matches, parseEntityTags, quoted } from './entity-tag';
import { type ConditionalHeaders } from './precondition';
import { type FoundResource, type ListedResources } from './resources';

const HTTP_NOT_MODIFIED = 304;

/** Whether the caller has this version already; the answer then is 304 without a body. */
function isKnown(headers: ConditionalHeaders, entityTag: string): boolean {
  const known = parseEntityTags('If-None-Match', headers['if-none-match'], 'weak');
  return known !== undefined && matches(known, entityTag);
}

/** @returns undefined for 304 */
export async function answerResource(
  reply: FastifyReply,
  headers: ConditionalHeaders,
  { uri, entityTag, load, ...found }: FoundResource,
): Promise<Resource | undefined> {
  void reply.header('ETag', quoted(entityTag));
  if (isKnown(headers, entityTag)) {
    void reply.code(HTTP_NOT_MODIFIED);
    return undefined;
  }
  const content = await load();
  return { resourceURI: uri, resourceContent: content.toString('base64'), metadata: metadataOf(found) };
}

/** @returns undefined for 304 */
export function answerList(
  reply: FastifyReply,
  headers: ConditionalHeaders,
  page: ListedResources,
  request: PageRequest,
): ResourceList | undefined {
  const { entityTag, items } = page;
  void reply.header('ETag', quoted(entityTag));
  if (isKnown(headers, entityTag)) {
    void reply.code(HTTP_NOT_MODIFIED);
    return undefined;
  }
  // The leading slash is the original's, and clients of it expect it (contract 4.3).
  const resources = items.map((path) => ({ resourceURI: `/${path}`, metadata: metadataOf(page) }));
  return { resources, ...pageAnswer(page, request) };
}

function metadataOf({ branch, version, upstreamURL }: Pick<FoundResource, 'branch' | 'version' | 'upstreamURL'>) {
  return { branch, version, ...(upstreamURL !== undefined && { upstreamURL }) };
}
