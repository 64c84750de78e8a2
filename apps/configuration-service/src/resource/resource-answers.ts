import { type FastifyReply } from 'fastify';
import { type PageRequest } from '../paging/page';
import { pageAnswer } from '../paging/page.dto';
import { matches, parseEntityTags, quoted } from './entity-tag';
import { type ConditionalHeaders } from './precondition';
import { type Resource, type ResourceList } from './resource.dto';
import { type LocatedResource } from './located-resource';
import { type ResourcePage } from './resource-reader';

interface FoundResource extends LocatedResource {
  readonly uri: string;
  readonly branch: string;
  readonly version: string;
}

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
  { uri, branch, version, entityTag, load }: FoundResource,
): Promise<Resource | undefined> {
  void reply.header('ETag', quoted(entityTag));
  if (isKnown(headers, entityTag)) {
    void reply.code(HTTP_NOT_MODIFIED);
    return undefined;
  }
  const content = await load();
  return { resourceURI: uri, resourceContent: content.toString('base64'), metadata: { branch, version } };
}

/** @returns undefined for 304 */
export function answerList(
  reply: FastifyReply,
  headers: ConditionalHeaders,
  page: ResourcePage & { readonly branch: string; readonly entityTag: string },
  request: PageRequest,
): ResourceList | undefined {
  const { branch, version, entityTag, items } = page;
  void reply.header('ETag', quoted(entityTag));
  if (isKnown(headers, entityTag)) {
    void reply.code(HTTP_NOT_MODIFIED);
    return undefined;
  }
  // The leading slash is the original's, and clients of it expect it (contract 4.3).
  const resources = items.map((path) => ({ resourceURI: `/${path}`, metadata: { branch, version } }));
  return { resources, ...pageAnswer(page, request) };
}
