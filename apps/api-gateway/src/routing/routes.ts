import { SERVICES_WITH_API } from '@keptn/service-catalog';
import { isDocumentation, PROBE_ROUTES } from '@keptn/service-kit';

/** A service with an API, or `bridge`, which is no part of the control plane and may be missing. */
export type UpstreamName = string;

export interface RouteScope {
  /** PREFIX_PATH */
  readonly prefix: string;
  readonly hasBridge: boolean;
}

/** Where a request goes, and whether it needs the token. */
export type Route =
  | { readonly kind: 'redirect'; readonly to: string }
  /** The question whether the token is right. */
  | { readonly kind: 'authenticate' }
  /** A channel of api-service, which checks the ticket itself. */
  | { readonly kind: 'websocket'; readonly path: string }
  /** A page that the gateway itself has. */
  | { readonly kind: 'own'; readonly path: string; readonly isPublic: boolean }
  | { readonly kind: 'upstream'; readonly upstream: UpstreamName; readonly path: string; readonly isPublic: boolean };

/** With which provider people can sign in, which they ask before they have a token. */
const IDENTITY_PROVIDERS = '/v1/identity-provider';

const SWAGGER_UI = '/api/swagger-ui/';

/** The documents themselves belong to the services; the page around those of `/api` is the gateway's. */
const SWAGGER_DOCUMENT = /^\/swagger-ui\/swagger\.(?:yaml|json)$/;

/** Pages of the gateway that say nothing about anyone's project. `/nginx-health` is what probes of the original ask for. */
const PUBLIC_PAGES: ReadonlySet<string> = new Set([...PROBE_ROUTES, '/nginx-health']);

/**
 * The routes of contract 1.2. Unknown paths are the gateway's own, which answers them with 404 once the token is right.
 *
 * @param path in canonical form
 */
export function routeOf(path: string, { prefix, hasBridge }: RouteScope): Route {
  if (PUBLIC_PAGES.has(path)) {
    return { kind: 'own', path, isPublic: true };
  }
  if (prefix !== '' && path !== prefix && !path.startsWith(`${prefix}/`)) {
    return { kind: 'own', path, isPublic: false };
  }
  const local = path.slice(prefix.length);
  const bridge = hasBridge ? bridgeRoute(local, prefix) : undefined;
  if (bridge !== undefined) {
    return bridge;
  }
  if (['', '/', '/api', '/api/', '/api/swagger-ui'].includes(local)) {
    return { kind: 'redirect', to: `${prefix}${SWAGGER_UI}` };
  }
  if (local === '/api/v1/auth' || local.startsWith('/api/v1/auth/')) {
    return { kind: 'authenticate' };
  }
  if (local === '/api/websocket' || local === '/api/websocket/') {
    return { kind: 'websocket', path: '/websocket' };
  }
  return upstreamRoute(local) ?? { kind: 'own', path: local, isPublic: PUBLIC_PAGES.has(local) };
}

/** The Bridge checks its users itself. */
const bridgeRoute = (local: string, prefix: string): Route | undefined => {
  if (local === '' || local === '/' || local === '/bridge') {
    return { kind: 'redirect', to: `${prefix}/bridge/` };
  }
  // Where the Bridge had its pages before Keptn 0.7.
  if (local.startsWith('/project/') || local.startsWith('/trace/')) {
    return { kind: 'redirect', to: `${prefix}/bridge${local}` };
  }
  return local.startsWith('/bridge/')
    ? { kind: 'upstream', upstream: 'bridge', path: local.slice('/bridge'.length), isPublic: true }
    : undefined;
};

const upstreamRoute = (local: string): Route | undefined => {
  const service = SERVICES_WITH_API.find(({ apiPath }) => local === apiPath || local.startsWith(`${apiPath}/`));
  if (service === undefined) {
    return undefined;
  }
  const path = local.slice(service.apiPath.length) || '/';
  if (service.apiPath === '/api' && path.startsWith('/swagger-ui/') && !SWAGGER_DOCUMENT.test(path)) {
    return { kind: 'own', path: local, isPublic: true };
  }
  const isPublic = isDocumentation(path) || (service.apiPath === '/api' && path === IDENTITY_PROVIDERS);
  return { kind: 'upstream', upstream: service.name, path, isPublic };
};
