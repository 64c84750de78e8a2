import { type OpenAPIObject } from '@nestjs/swagger';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** In the order in which people look for them. */
const METHODS = ['get', 'post', 'put', 'delete'] as const;

export const allOperations = ({ paths }: OpenAPIObject): Operation[] =>
  Object.values(paths).flatMap((item) => METHODS.flatMap((method) => item[method] ?? []));

/** Marked by `@ApiInternalOperation`. */
export const isInternal = (operation: Operation): boolean => 'x-internal' in operation;

export const hasPathParameters = ({ parameters = [] }: Operation): boolean =>
  parameters.some((parameter) => 'in' in parameter && parameter.in === 'path');

/** Changes every operation of a document; paths are sorted, and the methods of a path stand in the order of reading. */
export function mapOperations(document: OpenAPIObject, change: (operation: Operation) => Operation): OpenAPIObject {
  const paths = Object.entries(document.paths)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, item]) => {
      const operations = METHODS.flatMap((method) => {
        const operation = item[method];
        return operation === undefined ? [] : [[method, change(operation)] as const];
      });
      return [path, Object.fromEntries(operations)];
    });
  return { ...document, paths: Object.fromEntries(paths) as OpenAPIObject['paths'] };
}
