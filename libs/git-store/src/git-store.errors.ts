/** Everything that this library refuses on purpose is one of these classes; the message says what to do. */
export abstract class GitStoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** `git` is missing, too old, or ended with an error. */
export class GitUnusable extends GitStoreError {
  /** What it ended with, when it ran to an end. */
  readonly exitCode: number | undefined;

  constructor(message: string, { exitCode, ...options }: ErrorOptions & { readonly exitCode?: number } = {}) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The store's folder cannot be created, written or locked. */
export class FolderUnusable extends GitStoreError {}

/** Another process has the store's folder open. */
export class FolderInUse extends GitStoreError {
  constructor(readonly folder: string) {
    super(`The folder ${folder} is in use by another process: stop that process first, or choose another folder`);
  }
}

/** The store was closed, or is being closed. */
export class StoreClosed extends GitStoreError {
  constructor() {
    super('The Git store is closed');
  }
}

/** A repository or branch name that Git or a file system could misunderstand. */
export class InvalidName extends GitStoreError {}

/** A path inside a repository that Git or a file system could misunderstand. */
export class InvalidPath extends GitStoreError {}

export class RepositoryExists extends GitStoreError {
  constructor(readonly repository: string) {
    super(`Repository ${repository} exists already`);
  }
}

export class RepositoryNotFound extends GitStoreError {
  constructor(readonly repository: string) {
    super(`Repository ${repository} does not exist`);
  }
}

export class BranchExists extends GitStoreError {
  constructor(readonly branch: string) {
    super(`Branch ${branch} exists already`);
  }
}

export class BranchNotFound extends GitStoreError {
  constructor(readonly branch: string) {
    super(`Branch ${branch} does not exist`);
  }
}

/** The default branch of a repository cannot be deleted: clones would have nothing to check out. */
export class DefaultBranchRequired extends GitStoreError {
  constructor(readonly branch: string) {
    super(`Branch ${branch} is the default branch and cannot be deleted; delete the repository instead`);
  }
}

export class CommitNotFound extends GitStoreError {
  constructor(readonly commit: string) {
    super(`Commit ${commit} does not exist in this repository`);
  }
}

export class FileNotFound extends GitStoreError {
  constructor(readonly path: string) {
    super(`File ${path} does not exist`);
  }
}

/** A folder stands where the caller expects a file. */
export class IsADirectory extends GitStoreError {
  constructor(readonly path: string) {
    super(`${path} is a folder, not a file`);
  }
}

/** A file is wanted where a folder is, or a folder where a file is. */
export class PathConflict extends GitStoreError {
  constructor(
    readonly path: string,
    readonly obstacle: string,
  ) {
    super(`${path} cannot be written because ${obstacle} stands in its way; delete that first`);
  }
}

/** A reference is locked by a program outside this store. */
export class ReferenceLocked extends GitStoreError {
  constructor(readonly lockFile: string) {
    super(`${lockFile} is held by another program: wait for it, or delete the file when no such program runs`);
  }
}

export interface Damage {
  /** What is missing or damaged, in the words of Git. */
  readonly subject: string;
  /** What a person can do about it. */
  readonly remedy?: string;
  /** The file or folder on this machine. */
  readonly location: string;
}

/**
 * Something that a repository needs is missing or damaged. The message names no path of this machine, which
 * {@link location} does for the log.
 */
export class RepositoryDamaged extends GitStoreError {
  readonly location: string;

  constructor(
    { subject, remedy = 'restore the repository from a clone or a backup', location }: Damage,
    options?: ErrorOptions,
  ) {
    super(`The Git repository is damaged: ${subject} is missing or unreadable; ${remedy}`, options);
    this.location = location;
  }
}

/** The disk of the store has no space left, or its owner's quota is used up. Reads go on, and writes once there is space. */
export class StorageFull extends GitStoreError {
  constructor(options?: ErrorOptions) {
    super(
      'No space left on the disk of the Git repositories: the change was not stored; free space, then repeat it',
      options,
    );
  }
}

/** The disk of the store is read-only or fails. */
export class StorageFailed extends GitStoreError {
  constructor(options?: ErrorOptions) {
    super('The disk of the Git repositories is read-only or fails: repair it, then repeat the request', options);
  }
}
