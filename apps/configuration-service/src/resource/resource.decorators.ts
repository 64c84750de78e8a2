import { ApiErrors } from '@keptn/service-kit';
import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { RESOURCE_URI_LIMIT } from '@keptn/event-models';
import { FileCheckInterceptor } from './file-check.interceptor';
import { RESOURCE_PATH } from './resource-path.decorator';
import { type defaultVersions, resource, resourceList, version } from './resource.dto';

interface Described {
  /** What the resources belong to, e.g. `a stage`. */
  readonly of: string;
  /** What 404 means. */
  readonly missing: string;
  readonly description?: string;
  /** What a write is answered with. */
  readonly written?: typeof version | typeof defaultVersions;
}

const ifNoneMatch = ApiHeader({
  name: 'If-None-Match',
  required: false,
  description: 'ETag of a version that the caller has: if it is still the latest, the answer is 304',
});

const ifMatch = ApiHeader({
  name: 'If-Match',
  required: false,
  description: 'ETag of the version that the change is based on: if there is another by now, the answer is 412',
});

const checked = applyDecorators(
  UseInterceptors(FileCheckInterceptor),
  ApiHeader({
    name: 'Prefer',
    required: false,
    description:
      '`handling=strict`: faults of slo.yaml, sli.yaml, remediation.yaml and shipyard.yaml are an error, and nothing is written. ' +
      'Otherwise they are warnings.',
  }),
);

const WARNING = {
  Warning: {
    description: 'A fault of a file that Keptn reads, or why the upstream repository does not get the change',
    schema: { type: 'string' },
  },
} as const;

const inPath = ApiParam({
  name: RESOURCE_PATH,
  description: 'Path of the resource; its slashes may be sent as they are or as %2F',
  schema: { type: 'string', minLength: 1, maxLength: RESOURCE_URI_LIMIT, example: 'slo.yaml' },
});

const ETAG = { ETag: { description: 'Names this version of the content', schema: { type: 'string' } } } as const;
const LIST_ETAG = { ETag: { description: 'Names the commit that is listed', schema: { type: 'string' } } } as const;
const UNCHANGED = { status: 304, description: 'The caller has the latest version' };
const STALE = 'The resource is not at the version that If-Match names';
const NOT_WRITABLE =
  'A name, path or content is not valid, a file is named twice, or a folder is in the way; the message names it';

export const ApiListResources = ({ of, missing, description }: Described): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: `List the resources of ${of}`, ...(description !== undefined && { description }) }),
    ifNoneMatch,
    ApiResponse({ status: 200, description: 'One page', headers: LIST_ETAG, standardSchema: resourceList }),
    ApiResponse(UNCHANGED),
    ApiErrors({ 400: 'A name, pageSize or nextPageKey is not valid', 404: missing }),
  );

export const ApiReadResource = ({ of, missing, description }: Described): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: `Read a resource of ${of}`, ...(description !== undefined && { description }) }),
    inPath,
    ifNoneMatch,
    ApiResponse({ status: 200, description: 'The resource', headers: ETAG, standardSchema: resource }),
    ApiResponse(UNCHANGED),
    ApiErrors({ 400: 'A name, path or commit id is not valid', 404: `${missing}, or there is no such resource` }),
  );

/** @param verb `Add` for POST, `Update` for PUT: both write, whether the files exist or not */
export const ApiWriteResources = (
  verb: 'Add' | 'Update',
  { of, missing, description, written = version }: Described,
): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: `${verb} resources of ${of}`,
      description: description ?? 'All files become one commit; what has this content already makes none.',
    }),
    ifMatch,
    checked,
    ApiResponse({ status: 201, description: 'The resources are written', headers: WARNING, standardSchema: written }),
    ApiErrors({ 400: NOT_WRITABLE, 404: missing, 412: STALE }),
  );

export const ApiWriteResource = ({ of, missing, description, written = version }: Described): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: `Write a resource of ${of}`,
      description:
        description ?? 'Makes the file or replaces it, as one commit; what has this content already makes none.',
    }),
    inPath,
    ifMatch,
    ApiHeader({ name: 'If-None-Match', required: false, description: '`*`: only if there is no such resource yet' }),
    checked,
    ApiResponse({ status: 201, description: 'The resource is written', headers: WARNING, standardSchema: written }),
    ApiErrors({ 400: NOT_WRITABLE, 404: missing, 412: STALE }),
  );

export const ApiDeleteResource = ({ of, missing, description }: Described): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: `Delete a resource of ${of}`, ...(description !== undefined && { description }) }),
    inPath,
    ifMatch,
    ApiResponse({ status: 204, description: 'The resource is deleted' }),
    ApiErrors({ 400: 'A name or path is not valid', 404: `${missing}, or there is no such resource`, 412: STALE }),
  );
