import type { configurationApi, Resource, ResourceTree } from '@keptn/api-models';
import { createRequests } from '@keptn/api-models/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { fromBase64, toBase64 } from '../../api/base64';
import { callConfiguration } from '../../api/clients';
import { pages } from '../../api/pages';
import { readAtEachVisit } from '../../api/read-at-each-visit';
import { queryClient } from '../../api/queries';
import { send } from '../../api/transport';
import { type ResourceLocation, type ResourceScope, scopePath } from './resource-scope';

const FOLDER = 'api/configuration-service';
const request = createRequests<typeof configurationApi>();

/** A resource as it was read. */
interface ReadResource {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Names this version of the content. */
  readonly entityTag: string;
}

const RESOURCES = 'resources';

/**
 * The files of a project, and the content of one of them.
 *
 * @param versions of the file; two are compared
 */
export const filesQuery = (project: string, location?: ResourceLocation, versions: readonly string[] = []) => {
  const { path: resourceURI, stage, service } = location ?? {};
  return queryOptions({
    queryKey: [RESOURCES, project, 'tree', location, versions],
    queryFn: ({ signal }) =>
      callConfiguration('GET /v1/project/{project}/resource-tree', {
        parameters: { project },
        query: resourceURI === undefined ? {} : { resourceURI, stage, service, versions: versions.join(',') },
        signal,
      }),
    ...readAtEachVisit,
    // The tree stays while another file of the project is read.
    placeholderData: (tree: ResourceTree | undefined, query) =>
      tree && query?.queryKey[1] === project ? withoutContents(tree) : undefined,
    meta: { touchedBy: ({ project: changed, type }) => changed === project && type.includes('.service.') },
  });
};

const withoutContents = ({ contents: _contents, ...tree }: ResourceTree): ResourceTree => tree;

export const historyQuery = (scope: ResourceScope, path: string | undefined) =>
  infiniteQueryOptions({
    queryKey: [RESOURCES, scope.project, 'history', scope, path],
    queryFn: ({ pageParam, signal }) =>
      callConfiguration(`GET ${scopePath(scope)}/history`, {
        parameters: { stage: '', service: '', ...scope },
        query: { resourceURI: path, nextPageKey: pageParam },
        signal,
      }),
    ...pages,
    ...readAtEachVisit,
  });

export async function read(location: ResourceLocation): Promise<ReadResource> {
  const { headers, body } = await send(
    FOLDER,
    request(`GET ${scopePath(location)}/resource/{+path}`, {
      parameters: { stage: '', service: '', ...location },
    }),
  );
  return { bytes: fromBase64((body as Resource).resourceContent), entityTag: headers.get('etag') ?? '' };
}

export interface Writing {
  readonly location: ResourceLocation;
  readonly content: Uint8Array | string;
  /** Of the commit. */
  readonly message: string;
  /** The version that it is based on; undefined for a new resource, which must not exist yet. */
  readonly basedOn: string | undefined;
  /** Whether faults of a file that Keptn reads are refused. */
  readonly handling: 'lenient' | 'strict';
}

/** @returns what the API remarks about the file */
export async function write({ location, content, message, basedOn, handling }: Writing): Promise<readonly string[]> {
  const { headers } = await send(
    FOLDER,
    request(`PUT ${scopePath(location)}/resource/{+path}`, {
      parameters: { stage: '', service: '', ...location },
      query: { message: message === '' ? undefined : message },
      body: { resourceContent: toBase64(content) },
      headers: {
        ...(basedOn === undefined ? { 'if-none-match': '*' } : { 'if-match': basedOn }),
        prefer: `handling=${handling}`,
      },
    }),
  );
  return remarksIn(headers.get('warning') ?? '');
}

export async function remove(location: ResourceLocation, basedOn: string): Promise<void> {
  await callConfiguration(`DELETE ${scopePath(location)}/resource/{+path}`, {
    parameters: { stage: '', service: '', ...location },
    headers: { 'if-match': basedOn },
  });
}

export const forgetResources = (project: string): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: [RESOURCES, project] });

/** The texts of `Warning` headers: `199 - "slo.yaml, line 3: …"`. */
const remarksIn = (header: string): string[] =>
  Array.from(header.matchAll(/"((?:[^"\\]|\\.)*)"/g), ([, text = '']) => text.replaceAll(/\\(.)/g, '$1'));
