import { SERVICES_WITH_API } from '@keptn/service-catalog';
import { type DocumentedOperation, operationsOf, readDocument } from '../openapi/document';

/** An operation with what it needs of its caller. */
export interface GuardedOperation extends DocumentedOperation {
  readonly 'x-keptn-scope'?: string;
  readonly 'x-keptn-keeps-to-projects'?: boolean;
}

/** All operations of all services; deletions last, so that the others find something. */
export async function guardedOperations(endpoint: string): Promise<readonly GuardedOperation[]> {
  const lists = await Promise.all(
    SERVICES_WITH_API.map(async ({ name }) => operationsOf(await readDocument(endpoint, name), endpoint, name)),
  );
  return (lists.flat() as GuardedOperation[]).toSorted((one, other) => depthOf(other) - depthOf(one));
}

/** A project goes after what is in it. */
const depthOf = ({ method, path }: GuardedOperation): number => (method === 'DELETE' ? path.split('/').length : 1_000);

export const isOfProject = ({ path }: GuardedOperation): boolean => path.includes('/{project}');

/** The path with a project and, for all other names, examples that nothing has. */
export function pathWith({ path, parameters = [] }: GuardedOperation, names: Readonly<Record<string, string>>): string {
  return parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce((text, { name, schema }) => {
      const value = names[name] ?? (typeof schema.example === 'string' ? schema.example : '4711');
      return text.replace(new RegExp(`\\{\\+?${name}\\}|\\*$`), encodeURIComponent(value));
    }, path);
}
