/** The parts of the server's answers that the commands read. Fields that some servers leave out are optional. */

export interface Metadata {
  readonly keptnversion?: string;
  readonly namespace?: string;
}

export interface OpenApproval {
  readonly eventId: string;
}

export interface StageService {
  readonly serviceName: string;
  readonly creationDate?: string;
  readonly deployedImage?: string;
  readonly openApprovals?: readonly OpenApproval[] | null;
}

export interface Stage {
  readonly stageName: string;
  readonly services?: readonly StageService[] | null;
}

/** How the exchange with the upstream repository of a project goes. */
export interface UpstreamState {
  readonly ahead?: number;
  /** Present while it fails. */
  readonly failingSince?: string;
  readonly lastError?: string;
}

export interface Project {
  readonly projectName: string;
  readonly creationDate?: string;
  readonly gitRemoteURI?: string;
  readonly gitUser?: string;
  readonly upstream?: UpstreamState;
  readonly shipyard?: string;
  readonly stages?: readonly Stage[] | null;
}

export interface ListedResource {
  readonly resourceURI: string;
}

export interface Resource extends ListedResource {
  /** Base64. */
  readonly resourceContent: string;
  readonly metadata?: { readonly version?: string; readonly branch?: string };
}

/** A commit. */
export interface Change {
  readonly version: string;
  readonly time: string;
  readonly author: { readonly name: string };
  readonly message: string;
  readonly keptnContext?: string;
}

export interface BridgeCredentials {
  readonly user: string;
  readonly password: string;
}
