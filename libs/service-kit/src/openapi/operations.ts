import { type OpenAPIObject } from '@nestjs/swagger';

/** Gives the OpenAPI document of a service, which is made when somebody first asks for it: it is the longest step of a start. */
export type OpenApiSource = () => OpenAPIObject;

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** In the order in which people look for them. */
const METHODS = ['get', 'post', 'put', 'delete'] as const;

export type Method = (typeof METHODS)[number];

export interface LocatedOperation {
  readonly method: Method;
  /** As in the document, e.g. `/v1/project/{projectName}`. */
  readonly path: string;
  readonly operation: Operation;
}

export const allOperations = ({ paths }: OpenAPIObject): LocatedOperation[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method, path, operation }];
    }),
  );

/** Marked by `@ApiInternalOperation`. */
export const isInternal = (operation: Operation): boolean => 'x-internal' in operation;

export const hasPathParameters = ({ parameters = [] }: Operation): boolean =>
  parameters.some((parameter) => 'in' in parameter && parameter.in === 'path');

/** Changes every operation of a document; paths are sorted, and the methods of a path stand in the order of reading. */
export function mapOperations(
  document: OpenAPIObject,
  change: (operation: Operation, method: Method) => Operation,
): OpenAPIObject {
  const paths = Object.entries(document.paths)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, item]) => {
      const operations = METHODS.flatMap((method) => {
        const operation = item[method];
        return operation === undefined ? [] : [[method, change(operation, method)] as const];
      });
      return [path, Object.fromEntries(operations)];
    });
  return { ...document, paths: Object.fromEntries(paths) as OpenAPIObject['paths'] };
}
