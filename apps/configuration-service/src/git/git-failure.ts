import {
  BranchExists,
  BranchNotFound,
  CommitNotFound,
  FolderUnusable,
  GitUnusable,
  InvalidName,
  InvalidPath,
  IsADirectory,
  PathConflict,
  ReferenceLocked,
  RepositoryDamaged,
  RepositoryExists,
  RepositoryNotFound,
  StorageFailed,
  StorageFull,
  StoreClosed,
  asStorageFailure,
} from '@keptn/git-store';
import {
  BadRequest,
  type FailureDescription,
  InsufficientStorage,
  NotFound,
  ServiceUnavailable,
} from '@keptn/service-kit';
import { type Logger } from 'pino';
import { ProjectExists, ProjectNotFound, StageExists, StageNotFound } from '../domain/structure.errors';
import { PROJECT_BRANCH } from './layout';

/** Says in the words of projects and stages what the Git store refused. What is not listed is a defect and stays one. */
export function toDomainError(error: unknown): unknown {
  if (error instanceof RepositoryNotFound) return new ProjectNotFound();
  if (error instanceof RepositoryExists) return new ProjectExists();
  if (error instanceof BranchNotFound) {
    return error.branch === PROJECT_BRANCH ? new ProjectNotFound() : new StageNotFound();
  }
  if (error instanceof BranchExists) return new StageExists();
  if (error instanceof CommitNotFound) {
    return new NotFound(`commit ${error.commit} not found in this project`, { reason: 'COMMIT_NOT_FOUND' });
  }
  if (isRefusal(error)) return new BadRequest(error.message);
  if (error instanceof StorageFull) return new InsufficientStorage(error.message, { cause: error });
  if (error instanceof RepositoryDamaged || error instanceof StorageFailed)
    return new ServiceUnavailable(error.message, { cause: error });
  if (isPassing(error)) {
    return new ServiceUnavailable(
      'the Git repositories cannot be used at the moment; the log of the service says why',
      {
        cause: error,
      },
    );
  }
  return error;
}

const isRefusal = (error: unknown): error is Error =>
  error instanceof InvalidPath ||
  error instanceof InvalidName ||
  error instanceof PathConflict ||
  error instanceof IsADirectory;

const isPassing = (error: unknown): boolean =>
  error instanceof ReferenceLocked ||
  error instanceof FolderUnusable ||
  error instanceof GitUnusable ||
  error instanceof StoreClosed;

/** What the system has too little of for a moment. */
const SCARCE: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EBUSY', 'ESTALE', 'ETIMEDOUT']);

/** Whether the same may go well a moment later; otherwise it is the content of a repository that cannot be used. */
export function mayPass(cause: unknown): boolean {
  const error = asStorageFailure(cause);
  if (isPassing(error) || error instanceof StorageFull || error instanceof StorageFailed) return true;
  return error instanceof Error && 'code' in error && SCARCE.has(error.code);
}

const isStorageFault = (error: unknown): boolean =>
  error instanceof RepositoryDamaged || error instanceof StorageFull || error instanceof StorageFailed;

/** Describes failures of the Git store to the caller, and in the log to the operator. */
export function gitFailureDescription(logger: Logger): FailureDescription {
  return (cause) => {
    const error = asStorageFailure(cause);
    if (isPassing(error) || isStorageFault(error)) logger.error({ err: error }, 'the Git repositories cannot be used');
    return toDomainError(error);
  };
}
