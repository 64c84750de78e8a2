import { type Caller, type RouteContract, type Scope } from '@keptn/api-models';
import { type FastifyRequest } from 'fastify';
import { Forbidden } from '../errors/service-error';
import { noteChange } from '../logging/request-context';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of the route, where it has one. */
    contract?: RouteContract;
  }
}

/** What a route without a contract of its own asks for, such as `/metrics`. */
const WITHOUT_CONTRACT: Scope = 'system:manage';

/**
 * Refuses what the caller may not do, by the operation that the router has found: no spelling of a path can be read in one way here and in
 * another by the handler.
 *
 * @throws Forbidden, the same whether or not what the path names exists
 */
export function requirePermission(caller: Caller, request: FastifyRequest): void {
  const { contract } = request.routeOptions.config;
  const scope = contract?.scope ?? WITHOUT_CONTRACT;
  if (scope === 'anyone' || scope === 'caller' || scope === 'ticket') return;
  if (scope === 'service') {
    if (caller.description.kind !== 'service') throw new Forbidden('only the services of the control plane do this');
    return;
  }
  const project = contract === undefined ? undefined : projectOf(contract, request);
  const permitted = contract?.keepsToProjects === true ? caller.mayAnywhere(scope) : caller.may(scope, project);
  if (!permitted) throw new NotPermitted(scope, project);
}

/** The caller is known, and lacks a scope. */
export class NotPermitted extends Forbidden {
  /** @param project that the scope is needed on; all projects when absent */
  constructor(scope: Scope, project?: string) {
    super(`this needs the scope ${scope} on ${project === undefined ? 'all projects' : `project "${project}"`}`);
  }
}

/**
 * For a change of what a body or a query names.
 *
 * @throws NotPermitted
 */
export function requireScope(caller: Caller, scope: Scope, project: string | undefined): void {
  if (project !== undefined) noteChange({ changedProject: project });
  if (!caller.may(scope, project)) throw new NotPermitted(scope, project);
}

/** The project in the path of the operation. */
export function projectOf({ path }: RouteContract, { params }: FastifyRequest): string | undefined {
  return path.includes('/{project}') ? (params as Readonly<Record<string, string>>)['project'] : undefined;
}
