import { resourceUri } from '@keptn/event-models';
import { z } from 'zod';
import { type HeaderContract, route } from '../contract/route';
import { type ErrorReason } from '../errors/error-reasons';
import { projectNames, serviceInAllStagesNames, serviceNames, stageNames } from '../names';
import { disableUpstreamSync, pageQuery } from './page';
import { defaultVersions, resource, resourceBody, resourceList, resourceListBody, version } from './resource.models';

/** A list of quoted entity tags, or any (RFC 9110, section 13.1). */
const ONE_TAG = String.raw`(W/)?"[!#-~\x80-\xff]*"`;
const ENTITY_TAGS = String.raw`^(\*|${ONE_TAG}(\s*,\s*${ONE_TAG})*\s*,?)$`;

const tags = (description: string): HeaderContract => ({ description, pattern: ENTITY_TAGS });

const ifNoneMatch = tags('ETag of a version that the caller has: if it is still the latest, the answer is 304');
const ifMatch = tags('ETag of the version that the change is based on: if there is another by now, the answer is 412');
const prefer: HeaderContract = {
  description:
    '`handling=strict`: faults of slo.yaml, sli.yaml, remediation.yaml and shipyard.yaml are an error, and nothing is ' +
    'written. Otherwise they are warnings; hints always are. `wait=10`: the answer waits up to so many seconds, 60 at most, until ' +
    'the upstream repository has the change.',
  example: 'handling=strict, wait=10',
};
const warning = {
  Warning: {
    description:
      'A fault of a file that Keptn reads, or a hint about it, or why the upstream repository does not get the change',
  },
};
const unchanged = { description: 'The caller has the latest version' };

const path = resourceUri.meta({
  description: 'Path of the resource; its slashes may be sent as they are, as %2F or as %252F',
  example: 'slo.yaml',
});

const gitCommitID = z
  .string()
  .regex(/^[0-9a-f]{40}$/, '{field} must be the full id of a commit: 40 hexadecimal digits')
  .optional()
  .meta({ description: 'Reads the resource as it was at this commit of its branch' });

/** In characters. */
const MESSAGE_LIMIT = 1_000;

const writeQuery = z.object({
  message: z.string().trim().min(1).max(MESSAGE_LIMIT).optional().meta({
    description: 'Message of the commit, which the history shows; says what is written when absent',
    example: 'Allow slower answers in the evening',
  }),
});
export type WriteQuery = z.infer<typeof writeQuery>;

const NOT_WRITABLE = [
  'INVALID_REQUEST',
  'INVALID_RESOURCE',
  'INVALID_CHART',
  'INVALID_FILE',
  'DUPLICATE_RESOURCE',
  'RESOURCE_PROTECTED',
] as const satisfies readonly ErrorReason[];

interface Described {
  readonly tag: string;
  /** What the resources belong to, e.g. `a stage`. */
  readonly of: string;
  /** What of the path may not exist. */
  readonly missing: readonly ErrorReason[];
  readonly reading?: string;
  readonly writing?: string;
}

/** The operations on the resources of a scope, which are the same for all. */
function resourceRoutes<
  const Base extends string,
  Names extends z.ZodObject,
  Written extends z.ZodType,
  ReadQuery extends z.ZodType,
>(
  base: Base,
  parameters: Names,
  written: Written,
  readQuery: ReadQuery,
  { tag, of, missing, reading, writing }: Described,
) {
  const one = parameters.extend({ path });
  const read = reading === undefined ? {} : { description: reading };
  const isWritten = { description: 'The resources are written', body: written, headers: warning };
  const list = {
    path: `${base}/resource` as const,
    tag,
    parameters,
  };
  const writeList = {
    ...list,
    scope: 'resource:write',
    description: writing ?? 'All files become one commit; what has this content already makes none.',
    query: writeQuery,
    headers: { 'If-Match': ifMatch, Prefer: prefer },
    body: resourceListBody,
    answers: { 201: isWritten },
    errors: [...NOT_WRITABLE, ...missing, 'RESOURCE_CHANGED'],
  } as const;
  const single = {
    path: `${base}/resource/{+path}` as const,
    tag,
    parameters: one,
  };
  return {
    list: route({
      ...list,
      ...read,
      method: 'GET',
      scope: 'project:read',
      summary: `List the resources of ${of}`,
      query: pageQuery,
      headers: { 'If-None-Match': ifNoneMatch },
      answers: {
        200: {
          description: 'One page',
          body: resourceList,
          headers: { ETag: { description: 'Names the commit that is listed' } },
        },
        304: unchanged,
      },
      errors: missing,
    }),
    add: route({ ...writeList, method: 'POST', summary: `Add resources of ${of}` }),
    update: route({ ...writeList, method: 'PUT', summary: `Update resources of ${of}` }),
    read: route({
      ...single,
      ...read,
      method: 'GET',
      scope: 'project:read',
      summary: `Read a resource of ${of}`,
      query: readQuery,
      headers: { 'If-None-Match': ifNoneMatch },
      answers: {
        200: {
          description: 'The resource',
          body: resource,
          headers: { ETag: { description: 'Names this version of the content' } },
        },
        304: unchanged,
      },
      errors: [...missing, 'RESOURCE_NOT_FOUND', 'COMMIT_NOT_FOUND', 'INVALID_CHART'],
    }),
    write: route({
      ...single,
      method: 'PUT',
      scope: 'resource:write',
      summary: `Write a resource of ${of}`,
      description: writing ?? 'Makes the file or replaces it, as one commit; what has this content already makes none.',
      query: writeQuery,
      headers: {
        'If-Match': ifMatch,
        'If-None-Match': tags('`*`: only if there is no such resource yet'),
        Prefer: prefer,
      },
      body: resourceBody,
      answers: { 201: isWritten },
      errors: [...NOT_WRITABLE, ...missing, 'RESOURCE_CHANGED'],
    }),
    remove: route({
      ...single,
      method: 'DELETE',
      scope: 'resource:write',
      summary: `Delete a resource of ${of}`,
      ...(writing !== undefined && { description: writing }),
      query: writeQuery,
      headers: { 'If-Match': ifMatch },
      answers: { 204: { description: 'The resource is deleted' } },
      errors: ['INVALID_REQUEST', 'RESOURCE_PROTECTED', ...missing, 'RESOURCE_NOT_FOUND', 'RESOURCE_CHANGED'],
    }),
  };
}

const readQuery = z.object({ gitCommitID, disableUpstreamSync });

export const projectResources = resourceRoutes('/v1/project/{project}', projectNames, version, readQuery, {
  tag: 'Resources of projects',
  of: 'a project',
  missing: ['PROJECT_NOT_FOUND'],
});

export const stageResources = resourceRoutes('/v1/project/{project}/stage/{stage}', stageNames, version, readQuery, {
  tag: 'Resources of stages',
  of: 'a stage',
  missing: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND'],
});

export const serviceResources = resourceRoutes(
  '/v1/project/{project}/stage/{stage}/service/{service}',
  serviceNames,
  version,
  readQuery,
  {
    tag: 'Resources of services',
    of: 'a service in a stage',
    missing: ['PROJECT_NOT_FOUND', 'STAGE_NOT_FOUND', 'SERVICE_NOT_FOUND'],
  },
);

export const defaultResources = resourceRoutes(
  '/v1/project/{project}/service/{service}',
  serviceInAllStagesNames,
  defaultVersions,
  z.object({ disableUpstreamSync }),
  {
    tag: 'Default resources of services',
    of: 'a service in all stages',
    missing: ['PROJECT_NOT_FOUND', 'SERVICE_NOT_FOUND'],
    reading:
      'Default resources are those that the service has with the same content in every stage. `metadata` names the first ' +
      'stage by name.',
    writing: 'The branches of all stages get one commit each, all of them or none.',
  },
);
