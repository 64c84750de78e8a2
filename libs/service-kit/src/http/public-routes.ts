/** What probes ask a service, without a token. */
export const PROBE_ROUTES: ReadonlySet<string> = new Set(['/health', '/ready']);

/** Swagger UI with its files, and the paths that clients of the original know (contract 1.3). */
const DOCUMENTATION = /^\/(?:swagger-ui(?:\/.*)?|swagger\.json|(?:v1\/)?docs\/?)$/;

/**
 * Whether a path leads to what a service shows of its API to anyone.
 *
 * @param path of the service, in canonical form, or a route pattern of its router
 */
export const isDocumentation = (path: string): boolean => DOCUMENTATION.test(path);
