import { type AccessBed, FOREIGN, FOREIGN_WORDS, OWN } from './access-bed';
import { type GuardedOperation, isOfProject, pathWith } from './operations';

/** A name that no project has, as long as that of the foreign one. */
export const NOBODYS = 'never-shop1';

/** Never ends, or is not for reading. */
const isRead = ({ method, path }: GuardedOperation): boolean =>
  method === 'GET' && !path.endsWith('/stream') && !path.endsWith('/websocket');

/** Parameters that say how much of an answer is wanted. */
const OF_PAGES = /^(?:pageSize|wait|limit|nextPageKey)$/;

/** What is the foreign project's own: names, labels and ids. */
export function foreignWords({ foreign }: AccessBed): string[] {
  const { approvalId, evaluationId, eventId, keptnContext } = foreign;
  return [...FOREIGN_WORDS, FOREIGN, approvalId, evaluationId, eventId, keptnContext];
}

/** Every way of reading that the documents know, with the names and ids of the other project in every parameter. */
export function readings(operations: readonly GuardedOperation[], { foreign }: AccessBed): string[] {
  const { approvalId, evaluationId, eventId, keptnContext } = foreign;
  const values = [FOREIGN, 'zebra-service', keptnContext, eventId, evaluationId, approvalId];
  return operations.filter(isRead).flatMap((operation) => {
    const { parameters = [] } = operation;
    const inPath = parameters.filter((parameter) => parameter.in === 'path' && parameter.name !== 'project');
    const paths = isOfProject(operation)
      ? [pathWith(operation, { project: FOREIGN }), pathWith(operation, { project: OWN })]
      : values.map((value) => pathWith(operation, Object.fromEntries(inPath.map(({ name }) => [name, value]))));
    const queries = parameters
      .filter((parameter) => parameter.in === 'query' && !OF_PAGES.test(parameter.name))
      .flatMap(({ name }) =>
        name === 'filter'
          ? [`filter=data.project:${FOREIGN}`, `filter=shkeptncontext:${keptnContext}`]
          : values.map((value) => `${name}=${encodeURIComponent(value)}`),
      );
    return [...new Set(paths)].flatMap((path) => ['', ...queries].map((query) => `${path}?${query}`));
  });
}

/** A request, of which there are two that differ in the project that they name. */
export interface Naming {
  readonly operation: GuardedOperation;
  readonly pathFor: (project: string) => string;
}

/** Every operation that names a project in its path or in a parameter of its query. */
export const namings = (operations: readonly GuardedOperation[]): Naming[] =>
  operations.flatMap((operation) => {
    if (isOfProject(operation)) return [{ operation, pathFor: (project: string) => pathWith(operation, { project }) }];
    const { parameters = [] } = operation;
    const named = parameters.filter(({ name }) => name === 'project' || name === 'filter');
    return !isRead(operation)
      ? []
      : named.map(({ name }) => ({
          operation,
          pathFor: (project: string) =>
            `${pathWith(operation, {})}?${name}=${name === 'filter' ? `data.project:${project}` : project}`,
        }));
  });
