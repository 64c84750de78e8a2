/**
 * Bare Git repositories, one for each project, read and written straight in their object databases: no work tree, so
 * reads never wait for writes, and nothing is left half done when the process is killed.
 */
export { Turnstile } from './bounded-concurrency';
export { type Change, type DeleteFile, type DeleteFolder, type PutFile } from './changes';
export { type ParsedMessage, parseMessage, type Trailers } from './commit-message';
export { type Commit, type Identity, type Signature } from './commit-object';
export { type CommitRequest, type CommitResult, type DecideChanges } from './commit-writer';
export * from './git-store.errors';
export { GitStore, type GitStoreOptions } from './git-store';
export { type HistoryOptions, type HistoryPage } from './history';
export { type StoreLogger } from './housekeeping';
export { type ObjectId } from './object-id';
export { type Repository, type ReadAt } from './repository';
export { bundleRepository, type RepositoryBundle, repositoryNames, unbundleRepository } from './repository-bundle';
export { type InitialCommit, type NewRepository } from './repository-builder';
export { asStorageFailure } from './storage-failure';
export { type FileContent, type Snapshot } from './snapshot';
export { type ListedFile } from './tree-walk';
export { type AdoptedRepository, type UpstreamContent } from './upstream/adoption';
export { type IntegrationOutcome, Upstream, type UpstreamDistance } from './upstream/upstream';
export { type UpstreamAccess, type UpstreamRemote, upstreamRemote } from './upstream/upstream-remote';
export * from './upstream/upstream.errors';
