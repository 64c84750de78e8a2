/** Milliseconds; a machine under load needs its time for a dozen processes. */
export const PATIENCE = { timeout: 20_000, interval: 50 };

export const FETCH_OFTEN = { UPSTREAM_FETCH_INTERVAL_MS: '300' };

/** What GET /v1/project/{projectName} shows of a project and its upstream, as far as the tests look at it. */
export interface ShownProject {
  readonly gitUser?: string;
  readonly gitRemoteURI?: string;
  readonly stages: readonly { readonly stageName: string; readonly services: readonly { serviceName: string }[] }[];
  readonly upstream?: {
    readonly inSync: boolean;
    readonly ahead: number;
    readonly failingSince?: string;
    readonly lastError?: string;
    readonly conflicts?: readonly { readonly branch: string; readonly paths: readonly string[] }[];
  };
}
