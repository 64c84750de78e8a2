import { type AccessBed, FOREIGN, FOREIGN_HOOK, FOREIGN_TOKEN, FOREIGN_WORDS, OWN } from './access-bed';
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

/** A request, of which there are two that differ in one name: that of something that others have, and one that nothing has. */
export interface Naming {
  readonly operation: GuardedOperation;
  readonly foreign: NamedRequest;
  readonly nobodys: NamedRequest;
}

export interface NamedRequest {
  readonly name: string;
  readonly path: string;
}

/** Every operation that names a project, or something of one by its id, in its path or in a parameter of its query. */
export const namings = (operations: readonly GuardedOperation[], bed: AccessBed): Naming[] =>
  operations.flatMap((operation) => [...namingsOfProjects(operation), ...namingsOfThings(operation, bed)]);

function namingsOfProjects(operation: GuardedOperation): Naming[] {
  const naming = (pathFor: (project: string) => string): Naming => ({
    operation,
    foreign: { name: FOREIGN, path: pathFor(FOREIGN) },
    nobodys: { name: NOBODYS, path: pathFor(NOBODYS) },
  });
  if (isOfProject(operation)) return [naming((project) => pathWith(operation, { project }))];
  const { parameters = [] } = operation;
  const named = parameters.filter(({ name }) => name === 'project' || name === 'filter');
  if (!isRead(operation)) return [];
  return named.map(({ name }) =>
    naming(
      (project) => `${pathWith(operation, {})}?${name}=${name === 'filter' ? `data.project:${project}` : project}`,
    ),
  );
}

function namingsOfThings(operation: GuardedOperation, { foreign }: AccessBed): Naming[] {
  const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  if (isOfProject(operation) || operation['x-keptn-keeps-to-projects'] !== true || inPath.length === 0) return [];
  const { approvalId, evaluationId, eventId, keptnContext } = foreign;
  const things = [keptnContext, eventId, evaluationId, approvalId, FOREIGN_HOOK, FOREIGN_TOKEN];
  const request = (name: string): NamedRequest => ({
    name,
    path: pathWith(operation, Object.fromEntries(inPath.map((each) => [each, each === 'sequence' ? '1' : name]))),
  });
  return things.map((thing) => ({
    operation,
    foreign: request(thing),
    nobodys: request(thing.replaceAll(/[0-9a-z](?=[0-9a-z])/g, 'e')),
  }));
}
