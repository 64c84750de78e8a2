import { type Caller } from '@keptn/api-models';
import { type FastifyRequest } from 'fastify';

/** Who makes a request, as its headers prove it. */
export interface Authenticated {
  readonly caller: Caller;
  /** For whom it is made: the caller, or whoever a service of the control plane acts for. */
  readonly actor?: Caller | undefined;
  /** The signed identity of the actor, for requests that this one leads to. */
  readonly identity?: string | undefined;
}

/** Looks at a request before its body is read; throws a ServiceError to refuse it. */
export type RequestGuard = (request: FastifyRequest) => Authenticated | Promise<Authenticated>;

const authenticated = new WeakMap<object, Authenticated>();

export const rememberCaller = (request: FastifyRequest, who: Authenticated): void => {
  authenticated.set(request, who);
};

/** Undefined for a request that was refused before anybody asked who makes it. */
export const authenticationOf = (request: FastifyRequest): Authenticated | undefined => authenticated.get(request);
